package autograd.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code import module autograd.nn} beside {@code import module java.base}, which every script has, is never
 * in doubt.
 */
class ModuleImportsTest {
    /** The simple names of public types that java.base exports to everyone. */
    private static Set<String> ofJava() throws IOException {
        Set<String> exported = Object.class.getModule().getDescriptor().exports().stream()
                .filter(e -> !e.isQualified()).map(ModuleDescriptor.Exports::source).collect(Collectors.toSet());
        Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base");
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.filter(f -> f.toString().matches(".*/[^$/-]+\\.class")).toList()) {
                String name = base.relativize(file).toString().replace(".class", "").replace('/', '.');
                int dot = name.lastIndexOf('.');
                if (dot > 0 && exported.contains(name.substring(0, dot)) && isPublic(name))
                    names.add(name.substring(dot + 1));
            }
        }
        return names;
    }

    private static boolean isPublic(String name) {
        try {
            return Modifier.isPublic(Class.forName(name, false, null).getModifiers());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyNameIsOfOneType() throws IOException {
        Set<String> seen = ofJava();
        assertTrue(seen.containsAll(Set.of("List", "Callback", "Flow", "Module", "Parameter", "Record")));
        Set<String> exported = exportedByOurs();
        List<String> inDoubt = new ArrayList<>();
        for (JavaClass c : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("/test-classes/")).importPackages("autograd"))
            if (c.isTopLevelClass() && c.getModifiers().contains(JavaModifier.PUBLIC)
                    && exported.contains(c.getPackageName())
                    && !seen.add(c.getSimpleName()))
                inDoubt.add(c.getName());
        assertTrue(seen.contains("GradientTape") && seen.contains("Mlp"));
        assertEquals(List.of(), inDoubt);
    }

    /** The packages that both modules export, from what the compiler made of {@code module-info.java}. */
    private static Set<String> exportedByOurs() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (URL file : Collections.list(ModuleImportsTest.class.getClassLoader().getResources("module-info.class")))
            try (InputStream in = file.openStream()) {
                var module = ModuleDescriptor.read(in);
                if (module.name().startsWith("autograd."))
                    module.exports().stream().filter(e -> !e.isQualified()).forEach(e -> packages.add(e.source()));
            }
        assertTrue(packages.containsAll(Set.of("autograd", "autograd.nn", "autograd.nn.train")), packages::toString);
        return packages;
    }
}

package autograd.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Tensor;
import autograd.nn.Trainable;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Executable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;

/**
 * No class of core, nn and examples reads or writes text that depends on the default locale, charset or time
 * zone.
 */
class MachineTextTest {
    private static final JavaClasses MODULES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("autograd");
    private static final List<Class<?>> CHOICES = List.of(Locale.class, Charset.class, ZoneId.class);
    /** Methods that use a default and have no overload with a parameter for it. */
    private static final Set<String> DEFAULTS = Set.of("java.lang.String.formatted", "java.util.Locale.getDefault",
            "java.nio.charset.Charset.defaultCharset", "java.time.ZoneId.systemDefault",
            "java.util.TimeZone.getDefault");
    /** Their variants without a charset are documented to use UTF-8. */
    private static final Set<String> ALWAYS_UTF_8 = Set.of("java.nio.file.Files", "java.util.zip.ZipOutputStream",
            "java.util.zip.ZipFile");
    private static final ArchRule RULE = noClasses().should().accessTargetWhere(usesADefault());

    private static DescribedPredicate<JavaAccess<?>> usesADefault() {
        return DescribedPredicate.describe("the default locale, charset or time zone decides",
                access -> access.getTarget() instanceof CodeUnitAccessTarget target && usesADefault(target));
    }

    private static boolean usesADefault(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        if (!owner.getName().startsWith("java.") || ALWAYS_UTF_8.contains(owner.getName()))
            return false;
        List<String> parameters = target.getRawParameterTypes().stream().map(JavaClass::getName).toList();
        return DEFAULTS.contains(owner.getName() + "." + target.getName())
                || overloads(owner.reflect(), target.getName()).anyMatch(other -> chooses(other, parameters));
    }

    private static Stream<Executable> overloads(Class<?> owner, String name) {
        return name.equals("<init>")
                ? Arrays.stream(owner.getConstructors())
                : Arrays.stream(owner.getMethods()).filter(m -> m.getName().equals(name)).map(m -> m);
    }

    /** Whether an overload takes the same parameters and a locale, charset or time zone. */
    private static boolean chooses(Executable overload, List<String> parameters) {
        List<Class<?>> types = List.of(overload.getParameterTypes());
        for (int i = 0; i < types.size(); i++)
            if (CHOICES.contains(types.get(i))) {
                var rest = new ArrayList<>(types.stream().map(Class::getName).toList());
                rest.remove(i);
                if (rest.equals(parameters))
                    return true;
            }
        return false;
    }

    @Test
    void noDefaultIsUsed() {
        assertTrue(MODULES.contain(Tensor.class) && MODULES.contain(Trainable.class) && MODULES.contain(Main.class));
        RULE.check(MODULES);
    }

    /** Each method uses a default. */
    private static final class Defaults {
        String format() { return String.format("%d", 1); }

        String formatted() { return "%d".formatted(1); }

        String lower() { return "I".toLowerCase(); }

        byte[] bytes() { return "I".getBytes(); }

        String text(byte... bytes) { return new String(bytes); }

        String text(ByteArrayOutputStream out) { return out.toString(); }

        void print(PrintStream out) { out.printf("%d", 1); }

        InputStreamReader reader(InputStream in) { return new InputStreamReader(in); }

        Stream<String> reference(Stream<String> texts) { return texts.map(String::toUpperCase); }

        LocalDate today() { return LocalDate.now(); }

        TimeZone zone() { return TimeZone.getDefault(); }
    }

    /** No method uses a default. */
    private static final class Choices {
        String format() { return String.format(Locale.ROOT, "%d", 1) + "I".toLowerCase(Locale.ROOT); }

        String text(byte... bytes) { return new String(bytes, StandardCharsets.UTF_8) + String.valueOf(1.5); }

        void print(PrintStream out) { out.println(1.5); }

        LocalDate today() { return LocalDate.now(ZoneId.of("UTC")); }
    }

    @Test
    void everyUseOfADefaultIsFound() {
        List<String> found = RULE.evaluate(new ClassFileImporter().importClasses(Defaults.class, Choices.class))
                .getFailureReport().getDetails();
        assertEquals(Defaults.class.getDeclaredMethods().length, found.size(), found::toString);
        assertTrue(found.stream().allMatch(line -> line.contains("$Defaults.")), found::toString);
    }
}

package autograd;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

import org.jspecify.annotations.NullMarked;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Packages depend only on packages below them. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("autograd");

    @Test
    void arrowsOnlyPointDown() {
        layeredArchitecture().consideringOnlyDependenciesInLayers() //
                .layer("array").definedBy("autograd.array") //
                .layer("kernels").definedBy("autograd.kernels..") //
                .layer("nucleus").definedBy("autograd") //
                .layer("check").definedBy("autograd.check..") //
                .optionalLayer("viz").definedBy("autograd.viz..") //
                .whereLayer("array").mayNotAccessAnyLayer() //
                .whereLayer("kernels").mayOnlyAccessLayers("array") //
                .whereLayer("nucleus").mayOnlyAccessLayers("array", "kernels") //
                .whereLayer("check").mayOnlyAccessLayers("array", "kernels", "nucleus") //
                .whereLayer("viz").mayOnlyAccessLayers("array", "kernels", "nucleus") //
                .ensureAllClassesAreContainedInArchitecture().check(CORE);
    }

    @Test
    void arrowsBetweenWingsOfTheVectorKernelsOnlyPointDown() {
        layeredArchitecture().consideringOnlyDependenciesInLayers() //
                .layer("vector").definedBy("autograd.kernels.vector") //
                .layer("gemm").definedBy("autograd.kernels.vector.gemm") //
                .layer("elementwise").definedBy("autograd.kernels.vector.elementwise") //
                .layer("reduction").definedBy("autograd.kernels.vector.reduction") //
                .layer("rows").definedBy("autograd.kernels.vector.rows") //
                .layer("convolution").definedBy("autograd.kernels.vector.convolution") //
                .layer("movement").definedBy("autograd.kernels.vector.movement") //
                .layer("optimizer").definedBy("autograd.kernels.vector.optimizer") //
                .layer("parallel").definedBy("autograd.kernels.vector.parallel") //
                .layer("lanes").definedBy("autograd.kernels.vector.lanes") //
                .whereLayer("vector").mayNotBeAccessedByAnyLayer() //
                .whereLayer("gemm").mayOnlyAccessLayers("parallel", "lanes") //
                .whereLayer("elementwise").mayOnlyAccessLayers("lanes") //
                .whereLayer("reduction").mayOnlyAccessLayers("parallel", "lanes") //
                .whereLayer("rows").mayOnlyAccessLayers("elementwise", "reduction", "lanes") //
                .whereLayer("convolution").mayOnlyAccessLayers("movement", "parallel", "lanes") //
                .whereLayer("movement").mayOnlyAccessLayers("parallel", "lanes") //
                .whereLayer("optimizer").mayOnlyAccessLayers("lanes") //
                .whereLayer("parallel").mayNotAccessAnyLayer() //
                .whereLayer("lanes").mayNotAccessAnyLayer() //
                .check(CORE);
    }

    @Test
    void packagesFormNoCycles() {
        slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) { return SliceIdentifier.of(type.getPackageName()); }

            @Override
            public String getDescription() { return "packages"; }
        }).should().beFreeOfCycles().check(CORE);
    }

    @Test
    void scalarKernelsDoNotKnowTheVectorKernels() {
        noClasses().that().resideInAnyPackage("autograd.kernels", "autograd.kernels.hotspot") //
                .should().dependOnClassesThat().resideInAPackage("autograd.kernels.vector..").check(CORE);
    }

    @Test
    void everyOperationLivesInAFamilyOfTheNucleus() {
        classes().that().areAssignableTo(Op.class).and().areNotInterfaces() //
                .should().beRecords().andShould().resideInAPackage("autograd")
                .andShould(be(describe("members of a family", op -> op.getEnclosingClass()
                        .filter(family -> INTERFACES.test(family) && family.isAssignableTo(Operand.class))
                        .isPresent())))
                .check(CORE);
    }

    /** Tests may set the vector width of another processor. */
    @Test
    void vectorsAreChosenInOnePlace() {
        noClasses().that().doNotHaveSimpleName("VectorRegisters").should() //
                .accessField(FloatVector.class, "SPECIES_PREFERRED").orShould()
                .accessField(DoubleVector.class, "SPECIES_PREFERRED").orShould()
                .callMethod(VectorShape.class, "preferredShape").orShould()
                .callMethod(VectorSpecies.class, "ofPreferred", Class.class).check(CORE);
    }

    @Test
    void nothingIsNeededBesidesTheJdk() {
        classes().should().onlyDependOnClassesThat()
                .resideInAnyPackage("autograd..", "java..", "com.sun.management", "jdk.incubator.vector..",
                        "org.jspecify.annotations")
                .check(CORE);
    }

    @Test
    void onlyTheVectorKernelsNeedTheIncubator() {
        noClasses().that().resideOutsideOfPackage("autograd.kernels.vector..") //
                .should().dependOnClassesThat().resideInAPackage("jdk.incubator..").check(CORE);
    }

    /** Without hardware for it, Math.fma computes with BigDecimal, a thousand times slower. */
    @Test
    void onlyTheVectorKernelsUseFusedMultiplyAdd() {
        noClasses().that().resideOutsideOfPackage("autograd.kernels.vector..").should()
                .callMethod(Math.class, "fma", float.class, float.class, float.class).orShould()
                .callMethod(Math.class, "fma", double.class, double.class, double.class).check(CORE);
    }

    @Test
    void aLibraryDoesNotPrint() { NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CORE); }

    @Test
    void classNamesAreSpecific() {
        noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Factory|Builder)").check(CORE);
    }

    @Test
    void allPackagesAreExportedExceptThoseBelowKernels() throws IOException {
        Set<String> packages = CORE.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertTrue(packages.containsAll(Set.of("autograd", "autograd.array", "autograd.kernels", "autograd.check")));
        packages.removeIf(name -> name.startsWith("autograd.kernels."));
        assertEquals(new TreeSet<>(packages), new TreeSet<>(exports()));
    }

    @Test
    void exportedPackagesAreNullMarked() throws IOException {
        for (String name : exports())
            assertTrue(CORE.getPackage(name).isAnnotatedWith(NullMarked.class), name);
    }

    private static Set<String> exports() throws IOException {
        try (var descriptor = CORE.get(Tensor.class).getSource().orElseThrow().getUri().resolve("../module-info.class")
                .toURL().openStream()) {
            return ModuleDescriptor.read(descriptor).exports().stream().filter(e -> !e.isQualified())
                    .map(ModuleDescriptor.Exports::source).collect(Collectors.toSet());
        }
    }
}

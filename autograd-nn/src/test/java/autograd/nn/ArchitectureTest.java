package autograd.nn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import autograd.Op;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The architecture rules of this module; each is also tested on classes that break it. */
class ArchitectureTest {
    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("autograd.nn");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("autograd.nn.planted");

    private enum Rule {
        /** Layers compute with tensors, not with kernels. */
        TENSORS_NOT_KERNELS(noClasses().should().dependOnClassesThat().resideInAPackage("autograd.kernels..")),
        /** All operations are in core, where one suite tests them. */
        OPERATIONS_LIVE_IN_CORE(noClasses().should().beAssignableTo(Op.class)),
        /** Packages have no cycles. */
        NO_CYCLES_OF_PACKAGES(slices().matching("autograd.(**)").should().beFreeOfCycles()),
        /** Only the progress bar and the line of an epoch write to standard error. */
        NOTHING_IS_PRINTED(noClasses().that().doNotHaveFullyQualifiedName("autograd.nn.train.Progress$Bar").and()
                .doNotHaveFullyQualifiedName("autograd.nn.train.EpochLine")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)),
        /** Class names must be specific. */
        NAMES_SAY_SOMETHING(noClasses().should().haveNameMatching(".*(Impl|Utils?|Helpers?|Manager|Factory)")),
        /** Packages are null-marked. */
        NULL_IS_MARKED(classes().should(liveInANullMarkedPackage()));

        final ArchRule rule;

        Rule(ArchRule rule) { this.rule = rule; }

        /** The violations, one per line. */
        String violations(JavaClasses classes) {
            return String.join("\n", rule.evaluate(classes).getFailureReport().getDetails());
        }
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package that is @NullMarked") {
            @Override
            public void check(JavaClass c, ConditionEvents events) {
                events.add(new SimpleConditionEvent(c, c.getPackage().isAnnotatedWith(NullMarked.class),
                        c.getPackageName() + " of " + c.getName()));
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void theModuleKeepsTheRule(Rule rule) { rule.rule.check(MODULE); }

    @ParameterizedTest
    @EnumSource
    void violationsAreDetected(Rule rule) {
        String found = rule.violations(PLANTED);
        for (String culprit : switch (rule) {
            case TENSORS_NOT_KERNELS -> new String[]{"Wrongs.computes()"};
            case OPERATIONS_LIVE_IN_CORE -> new String[]{"Wrongs$Triple"};
            case NO_CYCLES_OF_PACKAGES -> new String[]{"planted.one.Here", "planted.two.There"};
            case NOTHING_IS_PRINTED -> new String[]{"Wrongs$Prints.loud", "Wrongs$Complains.loud"};
            case NAMES_SAY_SOMETHING -> new String[]{"LayerImpl", "LayerUtils", "LayerHelper", "LayerManager",
                    "LayerFactory"};
            case NULL_IS_MARKED -> new String[]{"planted.one", "planted.two", "planted of"};
        })
            assertTrue(found.contains(culprit), () -> culprit + " is not in: " + found);
    }

    @Test
    void theModuleIsThereWithoutItsTests() {
        assertTrue(MODULE.contain(Trainable.class));
        assertFalse(MODULE.contain(ArchitectureTest.class));
    }
}

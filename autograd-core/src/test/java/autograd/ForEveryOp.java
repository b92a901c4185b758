package autograd;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A property of every operation, with about {@code -Dtries=N} tries for each, 25 by default. Its parameter is
 * annotated with {@link Case}.
 */
@Property(edgeCases = EdgeCasesMode.NONE) // the generators make scalars, empty shapes and zeros themselves
@AddLifecycleHook(ForEveryOp.Tries.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface ForEveryOp {
    /** Any operation, with inputs. */
    @ForAll(supplier = AnyCase.class)
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Case {
    }

    /** Any elementwise operation, with inputs. */
    @ForAll(supplier = AnyElementwise.class)
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface ElementwiseCase {
    }

    /** Any fused operation, with inputs. */
    @ForAll(supplier = AnyFused.class)
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface FusedCase {
    }

    final class AnyElementwise implements ArbitrarySupplier<OpCase> {
        @Override
        public Arbitrary<OpCase> get() {
            return OpCases.of(OpCases.all().stream().filter(OpCases::isElementwise).toList());
        }
    }

    final class AnyFused implements ArbitrarySupplier<OpCase> {
        @Override
        public Arbitrary<OpCase> get() {
            return OpCases.of(OpCases.all().stream().filter(Op.Fused.class::isAssignableFrom).toList());
        }
    }

    final class AnyCase implements ArbitrarySupplier<OpCase> {
        @Override
        public Arbitrary<OpCase> get() { return OpCases.of(OpCases.all()); }
    }

    final class Tries implements AroundPropertyHook {
        static final int PER_OP = Integer.getInteger("tries", 25);

        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            context.attributes().setTries(PER_OP * OpCases.all().size());
            return property.execute();
        }
    }
}

package autograd.nn;

import static autograd.nn.Message.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import autograd.Tensor;
import autograd.array.DType;
import autograd.array.Rng;
import autograd.array.Shape;
import autograd.nn.init.Init;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class SequentialTest {
    @Test
    void runsItsLayersInOrder() {
        Layer addOne = (x, _) -> x.add(1), twice = (x, _) -> x.mul(2);
        assertEquals(8, Sequential.of(addOne, twice).forward(Tensor.of(3)).item());
        assertEquals(7, Sequential.of(twice, addOne).forward(Tensor.of(3)).item());
    }

    @Test
    void withoutLayersItIsTheIdentity() {
        Tensor x = Tensor.ones(2);
        assertSame(x, Sequential.of().forward(x));
    }

    @Test
    void handsTheSamePassToEveryLayer() {
        var seen = new ArrayList<Pass>();
        Layer spy = (x, pass) -> {
            seen.add(pass);
            return x;
        };
        Pass pass = Pass.training(new Rng(0));
        Sequential model = Sequential.of(spy, Sequential.of(spy), spy);
        model.forward(Tensor.ones(1), pass);
        assertEquals(List.of(pass, pass, pass), seen);
        seen.clear();
        model.forward(Tensor.ones(1), Pass.EVAL);
        assertEquals(List.of(Pass.EVAL, Pass.EVAL, Pass.EVAL), seen);
        seen.clear();
        model.forward(Tensor.ones(1));
        assertEquals(1, Set.copyOf(seen).size());
        assertFalse(seen.getFirst().isTraining());
    }

    @Test
    void equalsTheMlpOfItsLayers() {
        Mlp mlp = Mlp.of(new Rng(2), 3, 4, 5, 2);
        List<Dense> d = mlp.layers();
        Sequential same = Sequential.of(d.get(0), Activation.RELU, d.get(1), Activation.RELU, d.get(2));
        Tensor x = Tensor.randn(new Rng(3), 6, 3);
        assertEquals(Shape.of(6, 2), same.forward(x).shape());
        assertArrayEquals(mlp.forward(x).toFloatArray(), same.forward(x).toFloatArray());
        assertEquals(mlp.variables(), same.variables());
    }

    @Test
    void keepsACopyOfItsLayers() {
        var layers = new ArrayList<Layer>(List.of(Activation.RELU));
        var model = new Sequential(layers);
        layers.add(Activation.TANH);
        assertEquals(List.of(Activation.RELU), model.layers());
    }

    @Test
    void namesTheLayerThatDoesNotFit() {
        var rng = new Rng(0);
        var model = Sequential.of(Dense.of(rng, 3, 4), Activation.TANH, Dense.of(rng, 5, 2));
        var e = assertThrows(IllegalArgumentException.class, () -> model.forward(Tensor.ones(6, 3)));
        assertSays(e, "Dense", "[6, 4]", "[5, 2]");
    }

    @Test
    void itsGradientsAreItsSlopes() {
        var rng = new Rng(6);
        Dense tied = Dense.of(DType.F64, rng, 3, 3, Init.xavierUniform());
        var model = Sequential.of(tied, Activation.SIGMOID, tied, Activation.SOFTMAX,
                Dense.of(DType.F64, rng, 3, 2, Init.normal(1)));
        Tensor x = Tensor.randn(DType.F64, rng, 5, 3);
        assertEquals(4, model.variables().size());
        Slope.assertGradients(() -> model.forward(x).square().sum(), model.variables());
    }
}

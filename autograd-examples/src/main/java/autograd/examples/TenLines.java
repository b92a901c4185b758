package autograd.examples;

import module autograd.nn;

import java.nio.file.Path;

/** Handwritten digits in ten lines: data, model, training with validation, and a picture of how it went. */
class TenLines {
    void main(String[] args) {
        var digits = args.length == 0
                ? autograd.nn.data.Mnist.embedded()
                : autograd.nn.data.Mnist.load(Path.of(args[0]));
        var rng = new Rng(0);
        var model = Mlp.of(rng, 784, 128, 10);
        var trainer = Trainer.of(model, Losses::sparseSoftmaxCrossEntropy, new Adam(1e-3), rng);
        History history = trainer.batchSize(64).metrics("accuracy", "f1").fit(digits.train(), digits.test(), 5);
        history.plot(Path.of("out", "ten_lines.png"));
        Weights.save(Path.of("out", "ten_lines.safetensors"), model);
        System.out.println("Validation " + trainer.evaluate(digits.test()));
        System.out.println("The first digits are " + trainer.predict(digits.test().slice(0, 5)).argMax(-1));
    }
}

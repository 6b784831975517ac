using System.Globalization;
using Curie.Networks.Training;
using Curie.Numerics.Files;
using Curie.Sampling;
using Curie.Studies.Configuration;

namespace Curie.Cli.Demo;

/// <summary>
/// Writes the demo's train.yaml and experiment.yaml and reads them back, so that the demo runs exactly what a user can run again with
/// <c>curie train</c> and <c>curie susceptibility</c>.
/// </summary>
internal static class DemoConfigurations
{
    /// <summary>The training run.</summary>
    public static TrainingConfiguration Training(DemoSettings settings, DemoFolder folder)
    {
        (Networks.Architecture.TransformerConfig model, TrainingOptions training) = (settings.Architecture, settings.Training);
        AtomicFile.WriteAllText(
            folder.TrainingConfiguration,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                model: {n_layers: {{model.Layers}}, d_model: {{model.ModelWidth}}, n_heads: {{model.Heads}}, d_head: {{model.HeadWidth}},
                        n_ctx: {{model.ContextLength}}, d_vocab: {{model.Vocabulary}}, attn_only: true,
                        positional_embedding_type: shortformer, position_init: sinusoidal}
                data: rows/train.npy
                validation: rows/heldout.npy
                tokenizer: tokenizer.json
                out: training
                seed: {{training.Seed}}
                steps: {{training.Steps}}
                batch_size: {{training.BatchSize}}
                learning_rate: {{training.LearningRate:0.0e-0}}
                warmup_steps: {{training.WarmupSteps}}
                checkpoints: {log: {{training.LogCheckpoints}}, linear: {{training.LinearCheckpoints}}}

                """
            )
        );
        return TrainingConfiguration.Load(folder.TrainingConfiguration);
    }

    /// <summary>The susceptibility run.</summary>
    public static ExperimentConfiguration Experiment(DemoSettings settings, DemoFolder folder)
    {
        SamplingOptions sampling = settings.Sampling;
        string probes = string.Concat(
            DemoSettings
                .Sources.Append(DemoSettings.Repeats)
                .Select(name =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  - {{name: {name}, data: rows/{name}.npy, rows: {settings.ProbeRows}, rows_choice: random}}\n"
                    )
                )
        );
        AtomicFile.WriteAllText(
            folder.ExperimentConfiguration,
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                model: training/checkpoint-{{settings.Training.Steps}}
                seed: {{sampling.Seed}}
                sampling:
                  data: rows/heldout.npy
                  components: [heads]
                  step_size: {{sampling.StepSize:0.0e-0}}
                  nbeta: {{sampling.NBeta}}
                  localization: {{sampling.Localization}}
                  batch_size: {{settings.SamplingBatch}}
                  chains: {{sampling.Chains}}
                  draws: {{sampling.Draws}}
                  burn_in: {{sampling.BurnIn}}
                  steps_between_draws: {{sampling.StepsBetweenDraws}}
                  loss_rows: {{settings.EvaluationRows}}
                  loss_rows_choice: random
                probes:
                {{probes}}
                """
            )
        );
        return ExperimentConfiguration.Load(folder.ExperimentConfiguration);
    }
}

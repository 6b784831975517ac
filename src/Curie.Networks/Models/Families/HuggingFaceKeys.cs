using Curie.Networks.Architecture;
using Curie.Networks.Files;
using Curie.Numerics.Kernels;

namespace Curie.Networks.Models.Families;

/// <summary>What all configurations of Hugging Face's transformers have in common.</summary>
internal static class HuggingFaceKeys
{
    // Of PretrainedConfig: how to train, to generate and to name, not what the network computes.
    private static readonly string[] Harmless =
    [
        "_attn_implementation",
        "_attn_implementation_autoset",
        "_commit_hash",
        "_name_or_path",
        "_num_labels",
        "architectures",
        "attention_dropout",
        "attention_probs_dropout_prob",
        "attn_implementation",
        "bad_words_ids",
        "begin_suppress_tokens",
        "bos_token_id",
        "chunk_size_feed_forward",
        "classifier_dropout",
        "decoder_start_token_id",
        "diversity_penalty",
        "do_sample",
        "dtype",
        "early_stopping",
        "encoder_no_repeat_ngram_size",
        "eos_token_id",
        "exponential_decay_length_penalty",
        "finetuning_task",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "gradient_checkpointing",
        "hidden_dropout_prob",
        "id2label",
        "initializer_range",
        "is_decoder",
        "keys_to_ignore_at_inference",
        "label2id",
        "length_penalty",
        "max_length",
        "max_sequence_length",
        "min_length",
        "model_type",
        "no_repeat_ngram_size",
        "num_beam_groups",
        "num_beams",
        "num_labels",
        "num_return_sequences",
        "output_attentions",
        "output_hidden_states",
        "output_past",
        "output_scores",
        "pad_token_id",
        "predict_special_tokens",
        "prefix",
        "problem_type",
        "remove_invalid_values",
        "repetition_penalty",
        "return_dict",
        "return_dict_in_generate",
        "sep_token_id",
        "suppress_tokens",
        "task_specific_params",
        "temperature",
        "tf_legacy_loss",
        "tokenizer_class",
        "top_k",
        "top_p",
        "torch_dtype",
        "torchscript",
        "transformers_version",
        "typical_p",
        "unsloth_fixed",
        "unsloth_version",
        "use_bfloat16",
        "use_cache",
    ];

    private static readonly (string Name, Activation Value)[] Activations =
    [
        ("gelu", Activation.Gelu),
        ("gelu_fast", Activation.GeluNew),
        ("gelu_new", Activation.GeluNew),
        ("gelu_python", Activation.Gelu),
        ("gelu_pytorch_tanh", Activation.GeluNew),
        ("relu", Activation.Relu),
        ("silu", Activation.Silu),
        ("swish", Activation.Silu),
    ];

    /// <summary>Passes over what is harmless, and refuses what would make another network of any family.</summary>
    /// <exception cref="Numerics.InputException">Something would.</exception>
    public static void Read(ConfigReader keys)
    {
        keys.Harmless(Harmless);
        keys.Nothing("pruned_heads", "quantization_config", "cross_attention_hidden_size", "auto_map");
        keys.Only("is_encoder_decoder", false);
        keys.Only("tie_encoder_decoder", false);
        keys.Only("add_cross_attention", false);
    }

    /// <summary>The nonlinearity that a key names.</summary>
    /// <exception cref="Numerics.InputException">It is another.</exception>
    public static Activation ReadActivation(ConfigReader keys, string key, string otherwise)
    {
        string name = keys.Default(key, otherwise);
        foreach ((string known, Activation value) in Activations)
        {
            if (known == name)
            {
                return value;
            }
        }

        throw keys.Unsupported(key, string.Join(", ", Activations.Select(activation => activation.Name)));
    }

    /// <summary>The number of layers, checked before lists of that length are made.</summary>
    /// <exception cref="Numerics.InputException">There are too many, or none.</exception>
    public static int Layers(ConfigReader keys, string key)
    {
        int layers = keys.Required<int>(key);
        return layers is >= 1 and <= TransformerConfig.MostLayers
            ? layers
            : throw keys.Unsupported(key, FormattableString.Invariant($"1 to {TransformerConfig.MostLayers} layers"));
    }

    /// <summary>A head's width d/heads.</summary>
    /// <exception cref="Numerics.InputException">d is no multiple of the heads.</exception>
    public static int HeadWidth(ConfigReader keys, int width, string headsKey, int heads) =>
        heads > 0 && width % heads == 0
            ? width / heads
            : throw new Numerics.InputException(
                FormattableString.Invariant(
                    $"{keys.Source}: {headsKey} is {heads}, no divisor of the width {width}; restore the file that came with the model."
                )
            );
}

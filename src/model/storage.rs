//! Formats that weights are stored in, by name; `request` says what each takes.

use crate::document::keyword;

keyword!(
    /// Storage of published, frozen or served weights.
    WeightFormat {
        /// 32-bit floats.
        Fp32 = "fp32",
        /// 16-bit floats.
        Fp16 = "fp16",
        /// bfloat16.
        Bf16 = "bf16",
        /// 8-bit floats.
        Fp8 = "fp8",
        /// LLM.int8, GPTQ int8.
        Int8 = "int8",
        /// bitsandbytes 4-bit NormalFloat, one FP32 constant for 64 weights.
        Nf4 = "nf4",
        /// NF4 with quantised constants.
        Nf4Double = "nf4-double",
        /// GPTQ, 4 bits, groups of 128.
        Gptq4 = "gptq-4",
        /// GPTQ, 8 bits, groups of 128.
        Gptq8 = "gptq-8",
        /// AWQ, 4 bits, groups of 128.
        Awq4 = "awq-4",
        /// MXFP4: 4-bit floats with one 8-bit scale for 32.
        Mxfp4 = "mxfp4",
        /// Routed experts in MXFP4, other linear layers in FP8 (DeepSeek-V4).
        Mxfp4Fp8 = "mxfp4-fp8",
        /// NVFP4: 4-bit floats with one FP8 scale for 16, and one scale for a matrix.
        Nvfp4 = "nvfp4",
        /// Routed experts in 4-bit integers, one 16-bit scale for 32 (Kimi K2.5).
        Int4Experts = "int4-experts",
        /// GGUF Q8_0.
        Q8_0 = "q8_0",
        /// GGUF Q6_K.
        Q6K = "q6_k",
        /// GGUF Q5_K_M.
        Q5KM = "q5_k_m",
        /// GGUF Q5_K_S.
        Q5KS = "q5_k_s",
        /// GGUF Q4_K_M.
        Q4KM = "q4_k_m",
        /// GGUF Q4_K_S.
        Q4KS = "q4_k_s",
        /// GGUF Q4_0.
        Q4_0 = "q4_0",
        /// GGUF IQ4_XS.
        Iq4Xs = "iq4_xs",
        /// GGUF Q3_K_M.
        Q3KM = "q3_k_m",
        /// GGUF Q2_K.
        Q2K = "q2_k",
        /// Ternary and one-bit formats.
        Q1_0 = "q1_0",
    }
);

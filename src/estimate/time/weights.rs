//! Bytes of stored weights and cache values.

use crate::request::{CacheFormat, WeightFormat, is_gguf};
use crate::units::Bytes;

/// Bytes of one weight of a linear layer, scales included.
pub(super) const fn stored_bytes(format: WeightFormat) -> Bytes {
    use WeightFormat::*;
    let bits = match format {
        Fp32 => 32.0,
        Fp16 | Bf16 => 16.0,
        Fp8 | Int8 => 8.0,
        Gptq8 => 8.16,
        Q8_0 => 8.5,
        Q6K => 6.56,
        Q5KM => 5.69,
        Q5KS => 5.54,
        Q4KM => 4.89,
        Q4KS => 4.6,
        Q4_0 | Nf4 => 4.5,
        Iq4Xs | Mxfp4 => 4.25,
        Gptq4 | Awq4 => 4.16,
        Nf4Double => 4.13,
        Q3KM => 3.95,
        Q2K => 3.2,
        Q1_0 => 1.13,
    };
    Bytes::new(bits / 8.0)
}

/// Bytes of one weight of the output layer: GGUF files quantise it (to at least 6 bits), other formats leave it in 16 bits.
pub(super) fn head_bytes(format: WeightFormat) -> Bytes {
    let sixteen_bit = Bytes::new(2.0);
    match format {
        WeightFormat::Fp32 => Bytes::new(4.0),
        _ if is_gguf(format) => stored_bytes(format).max(stored_bytes(WeightFormat::Q6K)),
        _ => sixteen_bit,
    }
}

/// Bytes of one cached key or value.
pub(super) const fn cache_bytes(format: CacheFormat) -> Bytes {
    match format {
        CacheFormat::Fp16 => Bytes::new(2.0),
        CacheFormat::Fp8 | CacheFormat::Int8 => Bytes::new(1.0),
        CacheFormat::Q4 => Bytes::new(0.5625),
    }
}

/// Whether a format has about four bits per weight.
pub(super) const fn is_four_bit(format: WeightFormat) -> bool {
    use WeightFormat::*;
    matches!(format, Nf4 | Nf4Double | Gptq4 | Awq4 | Mxfp4 | Q4KM | Q4KS | Q4_0 | Iq4Xs)
}

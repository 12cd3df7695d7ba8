//! Which peak rate a number format gets on a card.

use crate::card::{Card, Generation};
use crate::request::Precision;
use crate::units::FlopsPerSecond;

/// The units that do the products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticPath {
    /// Tensor cores.
    TensorCores,
    /// CUDA cores.
    CudaCores,
    /// A format the card lacks: each product is converted to FP32 and back (BF16 before Ampere).
    Emulated,
}

/// How a card multiplies in some precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arithmetic {
    /// The units that do the products.
    pub path: ArithmeticPath,
    /// Data-sheet peak of those units: dense, FP32 accumulation.
    pub peak: FlopsPerSecond,
    /// Bytes of one operand.
    pub operand_bytes: f64,
}

impl Card {
    /// The arithmetic a precision gets: tensor cores where the card has them for that format, else CUDA cores.
    ///
    /// Without tensor cores 16-bit products run at the FP32 rate: frameworks multiply in FP32 on GP10x (whose FP16 rate is 1/64),
    /// and the doubled FP16 rate of GP100 and TU11x does not reach whole models. BF16 before Ampere is emulated.
    #[must_use]
    pub fn arithmetic(&self, precision: Precision) -> Arithmetic {
        let cuda = self.cuda_peak();
        let tensor = |peak: Option<FlopsPerSecond>, operand_bytes| match peak {
            Some(peak) if self.tensor_cores > 0 => Arithmetic { path: ArithmeticPath::TensorCores, peak, operand_bytes },
            _ => Arithmetic { path: ArithmeticPath::CudaCores, peak: cuda, operand_bytes },
        };
        match precision {
            Precision::Fp32 => Arithmetic { path: ArithmeticPath::CudaCores, peak: cuda, operand_bytes: 4.0 },
            Precision::Tf32 => tensor(self.peaks.tensor_tf32, 4.0),
            Precision::Fp16Autocast | Precision::Fp16Pure => tensor(self.peaks.tensor_fp16_acc32, 2.0),
            Precision::Bf16Autocast | Precision::Bf16Pure | Precision::Bf16Master => self.brain_float(tensor),
            Precision::Fp8 if self.peaks.tensor_fp8.is_some() => tensor(self.peaks.tensor_fp8, 1.0),
            Precision::Fp8 => self.brain_float(tensor),
        }
    }

    /// FP32 peak of the CUDA cores; from cores and clock where the data sheet is silent, and never zero.
    #[must_use]
    pub fn cuda_peak(&self) -> FlopsPerSecond {
        let counted = FlopsPerSecond::new(2.0 * f64::from(self.cuda_cores) * self.boost_hertz);
        self.peaks.fp32.unwrap_or(counted).max(FlopsPerSecond::tera(0.01))
    }

    fn brain_float(&self, tensor: impl Fn(Option<FlopsPerSecond>, f64) -> Arithmetic) -> Arithmetic {
        if self.generation >= Generation::Ampere {
            return tensor(self.peaks.tensor_bf16.or(self.peaks.tensor_fp16_acc32), 2.0);
        }
        Arithmetic { path: ArithmeticPath::Emulated, peak: self.cuda_peak(), operand_bytes: 2.0 }
    }
}

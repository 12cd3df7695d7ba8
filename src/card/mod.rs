//! What a card is and what it can do.

mod features;

pub use features::Features;

use crate::document::keyword;
use crate::units::{Bytes, BytesPerSecond, Currency, FlopsPerSecond, Watts};

keyword!(
    /// GPU architecture generation.
    #[derive(PartialOrd, Ord)]
    Generation {
        /// Compute capability 6.x: GeForce 10.
        Pascal = "pascal",
        /// Compute capability 7.0: V100, TITAN V.
        Volta = "volta",
        /// Compute capability 7.5: GeForce 16 and 20.
        Turing = "turing",
        /// Compute capability 8.0 and 8.6: A100, GeForce 30.
        Ampere = "ampere",
        /// Compute capability 8.9: GeForce 40.
        Ada = "ada",
        /// Compute capability 9.0: H100.
        Hopper = "hopper",
        /// Compute capability 10.x and 12.x: B200, GeForce 50.
        Blackwell = "blackwell",
    }
);

keyword!(
    /// The market a card is sold to, which decides drivers and accumulate rates.
    Brand {
        /// GeForce.
        Geforce = "geforce",
        /// TITAN.
        Titan = "titan",
        /// Quadro.
        Quadro = "quadro",
        /// RTX professional (RTX A6000, RTX 6000 Ada, RTX PRO).
        RtxPro = "rtx-pro",
        /// Data center (Tesla, A100, H100, L40S).
        DataCenter = "data-center",
    }
);

keyword!(
    /// What the card is plugged into.
    Form {
        /// A consumer or workstation card with its own fans.
        Desktop = "desktop",
        /// Soldered into a laptop.
        Laptop = "laptop",
        /// A professional or server card on PCI Express.
        Pcie = "pcie",
        /// A server module.
        Sxm = "sxm",
    }
);

/// Dense arithmetic peaks. `None` means the card has no such path.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peaks {
    /// FP32 on CUDA cores.
    pub fp32: Option<FlopsPerSecond>,
    /// FP16 on CUDA cores.
    pub fp16: Option<FlopsPerSecond>,
    /// FP16 tensor cores accumulating in FP16.
    pub tensor_fp16_acc16: Option<FlopsPerSecond>,
    /// FP16 tensor cores accumulating in FP32: the rate training gets.
    pub tensor_fp16_acc32: Option<FlopsPerSecond>,
    /// BF16 tensor cores (FP32 accumulate).
    pub tensor_bf16: Option<FlopsPerSecond>,
    /// TF32 tensor cores.
    pub tensor_tf32: Option<FlopsPerSecond>,
    /// FP8 tensor cores, FP32 accumulate.
    pub tensor_fp8: Option<FlopsPerSecond>,
    /// FP8 tensor cores accumulating in FP16.
    pub tensor_fp8_acc16: Option<FlopsPerSecond>,
    /// FP4 tensor cores.
    pub tensor_fp4: Option<FlopsPerSecond>,
    /// INT8 operations per second.
    pub int8: Option<FlopsPerSecond>,
    /// Whether `int8` is done by tensor cores; otherwise by the four-way dot products (DP4A) of CUDA cores.
    pub int8_tensor: bool,
    /// INT4 operations per second on tensor cores (7.5 to 8.9).
    pub int4: Option<FlopsPerSecond>,
    /// FP64 on CUDA cores.
    pub fp64: Option<FlopsPerSecond>,
    /// FP64 on tensor cores.
    pub tensor_fp64: Option<FlopsPerSecond>,
}

/// PCI Express interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pcie {
    /// Generation (3, 4, 5).
    pub generation: u8,
    /// Lanes.
    pub lanes: u8,
}

keyword!(
    /// What a price is.
    PriceKind {
        /// Price at launch.
        Launch = "launch",
        /// New, from a shop.
        Street = "street",
        /// Second hand.
        Used = "used",
        /// Per GPU and hour from a cloud.
        RentPerHour = "rent-per-hour",
    }
);

/// A dated price.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// What the price is.
    pub kind: PriceKind,
    /// How much: the price, or the middle of a quoted range.
    pub amount: f64,
    /// Low and high end, where the source quotes a range.
    pub range: Option<(f64, f64)>,
    /// Of what.
    pub currency: Currency,
    /// ISO date it was read (`2026`, `2026-09` or `2026-09-07`).
    pub date: String,
    /// Where it was read: a source id of the catalogue.
    pub source: String,
    /// What else the catalogue knows that speaks against it.
    pub doubt: Option<Doubt>,
}

/// Why nobody sells at a price any more.
#[derive(Clone, Debug, PartialEq)]
pub enum Doubt {
    /// The card of this name, which is hardly better, costs more since.
    Overtaken(String),
    /// It is of the launch, and what follows the card has been on sale for long enough to have taken its place.
    Superseded,
    /// It is of the launch, and other cards of its generation sell for more than theirs by now.
    Risen(Risen),
}

/// How many times their launch prices the cards of a generation sell for in shops.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Risen {
    /// The card that rose least.
    pub least: f64,
    /// The middle one.
    pub middle: f64,
    /// The one that rose most.
    pub most: f64,
}

impl Price {
    /// Months whose readings count together: that of the newest and those before it. Prices of cards have doubled within half a year, and
    /// one of May beside one of September makes the older offer look like the cheaper card.
    const TOGETHER: u32 = 3;

    /// Years after which a reading of a market says nothing about today.
    pub(crate) const FORGOTTEN: u32 = 2;

    /// Whether it was read so much later than another that it does not count together with it.
    pub(crate) fn is_later_than(&self, other: &Self) -> bool {
        self.month() >= other.month() + Self::TOGETHER
    }

    /// The readings that count together: the newest, and those of the months before it.
    pub(crate) fn newest<T>(mut readings: Vec<T>, price: impl Fn(&T) -> &Self) -> Vec<T> {
        let months = readings.iter().map(|reading| price(reading).month());
        if let Some(newest) = months.max() {
            readings.retain(|reading| newest - price(reading).month() < Self::TOGETHER);
        }
        readings
    }

    /// Months up to its date.
    pub(crate) fn month(&self) -> u32 {
        Self::month_of(&self.date)
    }

    /// Months up to a date; a bare year counts as its beginning, for it may not pass for newer than what has a month.
    pub(crate) fn month_of(date: &str) -> u32 {
        let number = |digits: Option<&str>| digits.and_then(|digits| digits.parse::<u32>().ok()).unwrap_or_default();
        number(date.get(..4)) * 12 + number(date.get(5..7))
    }
}

/// One graphics card (or module).
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Catalogue id, or `custom`.
    pub id: String,
    /// Marketing name without "NVIDIA".
    pub name: String,
    /// Market.
    pub brand: Brand,
    /// Series within the market ("30", "ampere-dc").
    pub series: String,
    /// Form.
    pub form: Form,
    /// Architecture generation.
    pub generation: Generation,
    /// Chip ("AD102").
    pub chip: String,
    /// Compute capability, major and minor.
    pub compute_capability: (u8, u8),
    /// Streaming multiprocessors.
    pub sms: u32,
    /// CUDA cores.
    pub cuda_cores: u32,
    /// Tensor cores; zero if it has none.
    pub tensor_cores: u32,
    /// Boost clock in hertz; the top of the range for laptops.
    pub boost_hertz: f64,
    /// Boost clock in hertz of the weakest laptop version.
    pub boost_min_hertz: Option<f64>,
    /// Nominal memory ("24 GB" on the box is 24 GiB).
    pub vram: Bytes,
    /// Memory type ("GDDR6X").
    pub memory_type: String,
    /// Memory bus width in bits.
    pub memory_bus_bits: u32,
    /// Memory bandwidth.
    pub bandwidth: BytesPerSecond,
    /// L2 cache.
    pub l2: Bytes,
    /// Arithmetic peaks.
    pub peaks: Peaks,
    /// Board power.
    pub tdp: Watts,
    /// Laptop power range.
    pub tgp_range: Option<(Watts, Watts)>,
    /// Recommended power supply of the whole machine.
    pub psu: Option<Watts>,
    /// Power connectors; `None` if it is powered by the slot, the laptop or the server.
    pub connectors: Option<String>,
    /// Whether memory can be error-corrected.
    pub ecc: bool,
    /// Slots it covers.
    pub slots: Option<u8>,
    /// PCI Express interface; SXM modules have one to the host too.
    pub pcie: Pcie,
    /// NVLink bandwidth, both directions together.
    pub nvlink: Option<BytesPerSecond>,
    /// ISO launch date.
    pub launch_date: String,
    /// Dated prices.
    pub prices: Vec<Price>,
    /// Countries (ISO 3166 alpha-2) it may not be sold to new, under the export rules the catalogue cites.
    pub restricted_in: Vec<String>,
    /// The one country (ISO 3166 alpha-2) it is made for; `None` where it is sold everywhere.
    pub sold_only_in: Option<String>,
}

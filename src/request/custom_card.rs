//! A card described in the request instead of named.

use super::limits::{self, checked};
use super::written::CustomCard;
use crate::card::{Brand, Card, Form, Pcie};
use crate::catalog::architecture::{capability, generation};
use crate::catalog::usual_peaks;
use crate::error::{Allowed, ErrorCode, RequestError};
use crate::units::{Bytes, BytesPerSecond, Watts};

/// A complete card from the few figures a visitor knows; what depends on the compute capability alone is filled in.
pub(crate) fn custom_card(custom: &CustomCard) -> Result<Card, RequestError> {
    let written_capability = custom.compute_capability.as_deref().unwrap_or("8.9");
    let compute_capability = capability(written_capability).filter(|(major, _)| (6..=12).contains(major)).ok_or_else(|| {
        RequestError::new(ErrorCode::InvalidValue, "computeCapability", written_capability, Allowed::phrase("capability"))
    })?;
    let tensor = checked("tensorTflops", custom.tensor_tflops, limits::TENSOR_PEAK)?;
    let fp32 = checked("fp32Tflops", custom.fp32_tflops.unwrap_or(custom.tensor_tflops / 2.0), limits::FP32_PEAK)?;
    let has_tensor_cores = compute_capability >= (7, 0);
    let tdp = Watts::new(checked("tdpWatts", custom.tdp_watts.unwrap_or(300.0), limits::BOARD_POWER)?);
    let nvlink = custom.nvlink_gbs.map(|gbs| checked("nvlinkGbs", gbs, limits::NVLINK)).transpose()?;
    Ok(Card {
        id: "custom".to_owned(),
        name: custom.name.clone().unwrap_or_else(|| "Custom card".to_owned()),
        brand: Brand::DataCenter,
        series: "custom".to_owned(),
        form: Form::Desktop,
        generation: generation(compute_capability),
        chip: String::new(),
        compute_capability,
        sms: 0,
        cuda_cores: 0,
        tensor_cores: u32::from(has_tensor_cores),
        boost_hertz: 0.0,
        boost_min_hertz: None,
        vram: Bytes::gib(checked("vramGib", custom.vram_gib, limits::VRAM)?),
        memory_type: String::new(),
        memory_bus_bits: 0,
        bandwidth: BytesPerSecond::giga(checked("bandwidthGbs", custom.bandwidth_gbs, limits::BANDWIDTH)?),
        l2: Bytes::ZERO,
        peaks: usual_peaks(fp32, tensor, compute_capability)
            .map_err(|error| RequestError::new(ErrorCode::OutOfRange, "tensorTflops", &error.found, Allowed::phrase("value")))?,
        tdp,
        tgp_range: None,
        psu: None,
        connectors: None,
        ecc: false,
        slots: None,
        pcie: Pcie { generation: 4, lanes: 16 },
        nvlink: nvlink.filter(|gbs| *gbs > 0.0).map(BytesPerSecond::giga),
        launch_date: String::new(),
        prices: Vec::new(),
        restricted_in: Vec::new(),
        sold_only_in: None,
    })
}

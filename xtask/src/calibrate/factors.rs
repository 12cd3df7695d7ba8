//! Which factors are fitted, where each is expected, and how far measurements may pull it from there.

use anyhow::{Context as _, Result};
use serde_json::Value;

/// One fitted factor.
pub struct Factor {
    pub path: String,
    /// JSON pointer below `time`.
    pub pointer: String,
    /// Value in the table.
    pub now: f64,
    /// Value expected without measurements.
    pub center: f64,
    /// Index of the factor it resembles, in whose stead `center` is ignored.
    pub like: Option<usize>,
    /// Standard deviation of the logarithm around that expectation.
    pub width: f64,
}

/// Where a factor is expected.
enum Center {
    At(f64),
    /// As another factor: few measurements leave it there.
    Like(&'static str),
}
use Center::{At, Like};

/// Factors of all classes of cards: kernels of one vendor reach similar shares, and a class with few measurements stays near that.
const BY_CLASS: [(&str, f64, f64); 4] = [
    ("sustained.tensor", 0.95, 0.1),
    ("sustained.cuda", 0.85, 0.15),
    ("sustained.bandwidth", 0.85, 0.12),
    ("training.class", 0.9, 0.12),
];
const CLASSES: [&str; 7] = ["pascal", "volta", "turing", "ampereServer", "ampere", "ada", "hopper"];
/// Classes without measurements, and the class they are taken to be like.
const UNMEASURED: [(&str, &str); 2] = [("blackwell", "ada"), ("blackwellServer", "hopper")];

const FACTORS: &[(&str, Center, f64)] = &[
    ("training.eager.products", At(0.9), 0.1),
    ("training.eager.traffic", At(6.0), 0.4),
    ("training.eager.adapters", At(2.5), 0.4),
    ("training.eager.layerSeconds", At(0.0035), 0.25),
    ("training.eager.flash", At(0.6), 0.3),
    ("training.compiled.products", At(0.9), 0.1),
    ("training.compiled.traffic", At(4.0), 0.4),
    ("training.compiled.adapters", Like("training.eager.adapters"), 0.2),
    ("training.compiled.layerSeconds", At(0.0045), 0.3),
    ("training.compiled.flash", Like("training.eager.flash"), 0.2),
    ("training.fused.products", At(0.95), 0.1),
    ("training.fused.traffic", At(4.0), 0.4),
    ("training.fused.adapters", Like("training.eager.adapters"), 0.3),
    ("training.fused.layerSeconds", Like("training.eager.layerSeconds"), 0.2),
    ("training.fused.flash", Like("training.eager.flash"), 0.2),
    ("training.tuned.products", At(0.85), 0.1),
    ("training.tuned.traffic", At(2.0), 0.4),
    ("training.tuned.flash", At(0.4), 0.3),
    ("training.scorePasses", At(5.0), 0.2),
    ("training.memoryEfficient", At(0.6), 0.2),
    ("training.logitBytes", At(20.0), 0.3),
    ("training.foreach", At(3.0), 0.25),
    ("training.unpackBytes", At(8.0), 0.3),
    ("training.adapterLaunches", At(1.0), 0.4),
    ("training.shardedLaunches", At(1.0), 0.4),
    ("training.unpackLaunches", At(0.8), 0.4),
    ("training.stepLayerSeconds", At(0.0004), 0.3),
    ("training.overlap", At(0.75), 0.15),
    ("training.fp8", At(0.65), 0.15),
    ("serving.eager.floorSeconds", At(0.0008), 0.2),
    ("serving.eager.bandwidthHbm", At(0.85), 0.1),
    ("serving.eager.cacheBandwidth", At(0.05), 0.5),
    ("serving.eager.products", At(0.75), 0.15),
    ("serving.eager.productsHbm", At(0.65), 0.2),
    ("serving.eager.flash", At(0.5), 0.3),
    ("serving.eager.traffic", At(2.0), 0.4),
    ("serving.graphs.layerSeconds", At(0.00012), 0.2),
    ("serving.graphs.bandwidthHbm", At(0.85), 0.1),
    ("serving.graphs.cacheBandwidth", At(0.7), 0.2),
    ("serving.graphs.productsHbm", At(0.8), 0.15),
    ("serving.graphs.flash", At(0.5), 0.3),
    ("serving.graphs.requestSeconds", At(0.00004), 0.3),
    ("serving.llamaCpp.layerSeconds", At(0.00009), 0.2),
    ("serving.llamaCpp.bandwidth", At(0.85), 0.1),
    ("serving.llamaCpp.bandwidthHbm", At(0.6), 0.15),
    ("serving.llamaCpp.cacheBandwidth", At(0.7), 0.2),
    ("serving.llamaCpp.products", At(0.5), 0.2),
    ("serving.llamaCpp.productsHbm", At(0.4), 0.2),
    ("serving.llamaCpp.productsCuda", At(0.9), 0.2),
    ("serving.llamaCpp.traffic", At(3.0), 0.4),
    ("serving.llamaCpp.flash", At(0.35), 0.3),
    ("serving.exllama.layerSeconds", Like("serving.llamaCpp.layerSeconds"), 0.2),
    ("serving.exllama.bandwidth", Like("serving.llamaCpp.bandwidth"), 0.1),
    ("serving.exllama.cacheBandwidth", Like("serving.llamaCpp.cacheBandwidth"), 0.2),
    ("serving.exllama.products", Like("serving.llamaCpp.products"), 0.2),
    ("serving.exllama.traffic", Like("serving.llamaCpp.traffic"), 0.3),
    ("serving.unpack8bit", At(2.0), 0.3),
    ("serving.unpack4bit", At(2.5), 0.3),
    ("serving.unpackPascal", At(2.0), 0.4),
    ("serving.unpack1bit", Like("serving.unpack4bit"), 0.4),
    ("serving.launchesNf4", At(1.8), 0.2),
    ("serving.launchesInt8", At(3.0), 0.2),
    ("serving.launchesQuantised", At(1.4), 0.2),
    ("opaque.tensor", At(0.7), 0.2),
    ("opaque.cuda", At(0.9), 0.15),
    ("opaque.traffic", At(14.0), 0.3),
    ("opaque.inferenceTraffic", At(4.0), 0.3),
    ("opaque.layerSeconds", At(0.00018), 0.3),
    ("links.nvlink", At(0.6), 0.2),
    ("links.pcie", At(0.3), 0.4),
    ("links.staged", At(0.2), 0.4),
    ("links.network", At(1e11), 0.3),
    ("links.latency", At(3e-5), 0.3),
];

/// All fitted factors with their values in this table.
pub fn all(time: &Value) -> Result<Vec<Factor>> {
    let mut factors = Vec::new();
    for (group, center, width) in BY_CLASS {
        for class in CLASSES {
            // The rate Pascal's missing tensor cores would reach.
            if (group, class) != ("sustained.tensor", "pascal") {
                add(&mut factors, time, &format!("{group}.{class}"), &At(center), width)?;
            }
        }
        for (class, like) in UNMEASURED {
            let at = position(&factors, &format!("{group}.{like}"))?;
            let expected = factors.get(at).map_or(center, |factor| factor.center);
            add(&mut factors, time, &format!("{group}.{class}"), &At(center), 0.1)?;
            if let Some(factor) = factors.last_mut() {
                (factor.center, factor.like) = (expected, Some(at));
            }
        }
    }
    for (path, center, width) in FACTORS {
        add(&mut factors, time, path, center, *width)?;
    }
    Ok(factors)
}

fn add(factors: &mut Vec<Factor>, time: &Value, path: &str, center: &Center, width: f64) -> Result<()> {
    let pointer = format!("/{}", path.replace('.', "/"));
    let value = time.pointer(&format!("{pointer}/value")).and_then(Value::as_f64);
    let now = value.filter(|value| *value > 0.0).with_context(|| format!("calibration.json has no positive {path}"))?;
    let (center, like) = match center {
        At(value) => (*value, None),
        Like(other) => {
            let at = position(factors, other)?;
            (factors.get(at).map_or(now, |factor| factor.center), Some(at))
        }
    };
    factors.push(Factor { path: path.to_owned(), pointer, now, center, like, width });
    Ok(())
}

fn position(factors: &[Factor], path: &str) -> Result<usize> {
    factors.iter().position(|factor| factor.path == path).with_context(|| format!("{path} is not fitted before what is like it"))
}

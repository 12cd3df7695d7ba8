//! Who made the hardware, and what else its name gives away: integrated, virtual, software, hidden.

use super::guess::Vendor;

/// What is known of a renderer without knowing the card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    /// Maker.
    pub vendor: Vendor,
    /// Software renderer.
    pub software: bool,
    /// Virtual machine, remote desktop, slice.
    pub is_virtual: bool,
    /// Integrated graphics.
    pub integrated: Option<bool>,
    /// Hidden by the browser.
    pub masked: bool,
}

/// A word, or the beginning of one, that only one maker uses; the first that matches decides.
const MAKERS: &[(Vendor, &[&str], &[&str])] = &[
    (Vendor::Nvidia, &["quadro", "nvs", "titan", "grid", "nouveau", "nvk"], &["nvidia", "geforce"]),
    (Vendor::Qualcomm, &[], &["adreno", "qualcomm", "turnip"]),
    (Vendor::Samsung, &[], &["xclipse", "samsung"]),
    (Vendor::Arm, &["arm"], &["mali", "immortalis", "panfrost"]),
    (Vendor::Imagination, &[], &["powervr", "imagination"]),
    (Vendor::Amd, &["amd", "ati", "ryzen"], &["radeon", "firepro", "firegl"]),
    (Vendor::Intel, &["i915", "i965", "crocus"], &["intel"]),
    (Vendor::Apple, &[], &["apple"]),
    (Vendor::Vmware, &["svga3d"], &["vmware"]),
    (Vendor::Parallels, &["0x05404c42"], &["parallels"]),
    (Vendor::Microsoft, &[], &["microsoft"]),
    (Vendor::Mesa, &["virgl", "gallium"], &["mesa"]),
];
/// Renderers that are programs.
const SOFTWARE: &[(Vendor, &str)] = &[
    (Vendor::Google, "swiftshader"),
    (Vendor::Mesa, "llvmpipe"),
    (Vendor::Mesa, "softpipe"),
    (Vendor::Mesa, "lavapipe"),
    (Vendor::Mesa, "software rasterizer"),
    (Vendor::Microsoft, "basic render"),
    (Vendor::Microsoft, "software adapter"),
    (Vendor::Apple, "paravirtual"),
    (Vendor::Apple, "apple software"),
];
const VIRTUAL: &[&str] = &[
    "virtio",
    "virgl",
    "venus",
    "vmware",
    "svga3d",
    "svga",
    "parallels",
    "0x05404c42",
    "virtualbox",
    "citrix",
    "remotefx",
    "remote",
    "qxl",
    "hyper",
    "grid",
    "vgpu",
    "emulator",
];
/// AMD's processors with graphics, as Mesa calls them.
const AMD_PROCESSORS: &[&str] = &[
    "ryzen",
    "renoir",
    "raphael",
    "raphael_mendocino",
    "mendocino",
    "raven",
    "raven2",
    "picasso",
    "cezanne",
    "barcelo",
    "lucienne",
    "rembrandt",
    "phoenix",
    "phoenix2",
    "hawk",
    "strix",
    "krackan",
    "vangogh",
    "stoney",
    "carrizo",
    "kabini",
    "mullins",
    "kaveri",
];
/// Whole renderer strings that say only that the browser does not tell.
const HIDDEN: &[&str] = &["mozilla", "brave", "generic renderer", "webkit webgl", "webkit", "apple gpu"];

/// The words of a text in lower case. Every word that is looked for is English.
fn words(text: &str) -> Vec<String> {
    let between = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    text.split(between).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect()
}

/// The maker a text names.
pub(super) fn vendor_in(text: &str) -> Option<Vendor> {
    let words = words(text);
    let found = |whole: &[&str], begin: &[&str]| {
        words.iter().any(|word| whole.contains(&word.as_str()) || begin.iter().any(|begin| word.starts_with(begin)))
    };
    MAKERS.iter().find(|(_, whole, begin)| found(whole, begin)).map(|(vendor, _, _)| *vendor)
}

/// What a renderer string (and, where it is silent, the vendor string) says about the maker.
pub(super) fn traits(text: &str, name: &str, bucket: bool, webgl_vendor: &str) -> Traits {
    let lower = text.to_ascii_lowercase();
    let words = words(text);
    let has = |word: &str| words.iter().any(|own| own == word);
    let masked = bucket || HIDDEN.contains(&lower.as_str()) || is_random(text);
    let is_virtual = VIRTUAL.iter().any(|word| has(word));
    let software = SOFTWARE.iter().find(|(_, mark)| lower.contains(mark)).map(|(vendor, _)| *vendor);
    if let Some(vendor) = software.or_else(|| has("warp").then_some(Vendor::Microsoft)) {
        return Traits { vendor, software: true, is_virtual, integrated: None, masked };
    }
    // NVIDIA's driver ends its names so. Old Mesa drivers of other makers list "x86/MMX/SSE2" instead.
    let ending = text.contains("/PCIe") || (text.contains("/SSE2") && !text.contains("/MMX"));
    let proprietary = ending || super::renderer::nouveau_code(name).is_some();
    let vendor = vendor_in(name)
        .filter(|vendor| !matches!(vendor, Vendor::Mesa | Vendor::Microsoft))
        .or_else(|| proprietary.then_some(Vendor::Nvidia))
        .or_else(|| vendor_in(text))
        .or_else(|| vendor_in(webgl_vendor).filter(|vendor| !matches!(vendor, Vendor::Mesa | Vendor::Microsoft)))
        .unwrap_or_default();
    Traits { vendor, software: false, is_virtual, integrated: integrated(vendor, &words, masked), masked }
}

/// Whether graphics of this name sit in the processor.
fn integrated(vendor: Vendor, words: &[String], masked: bool) -> Option<bool> {
    let has = |word: &str| words.iter().any(|own| own == word);
    match vendor {
        Vendor::Intel => Some(!is_intel_card(words)),
        Vendor::Apple | Vendor::Qualcomm | Vendor::Arm | Vendor::Imagination | Vendor::Samsung => Some(true),
        Vendor::Amd if masked => None,
        Vendor::Amd => amd_integrated(words),
        Vendor::Nvidia if words.iter().any(|word| word.starts_with("nforce") || word == "tegra") => Some(true),
        _ if has("chipset") => Some(true),
        _ => None,
    }
}

/// Arc A310 to A770, B570, B580, DG1, DG2.
fn is_intel_card(words: &[String]) -> bool {
    words.iter().any(|word| {
        let model = word.strip_prefix('a').or_else(|| word.strip_prefix('b')).map(|number| number.trim_end_matches('m'));
        matches!(word.as_str(), "dg1" | "dg2" | "bmg") || model.is_some_and(|number| is_number(number, 3))
    })
}

fn amd_integrated(words: &[String]) -> Option<bool> {
    let has = |word: &str| words.iter().any(|own| own == word);
    let any = |test: &dyn Fn(&str) -> bool| words.iter().any(|word| test(word));
    let processor = any(&|word| AMD_PROCESSORS.contains(&word));
    let series = any(&|word| {
        word.strip_suffix('m').is_some_and(|n| is_number(n, 3)) || word.strip_suffix('s').is_some_and(|n| is_number(n, 4))
    });
    let small = any(&|word| matches!(word, "r2" | "r3" | "r4" | "r5" | "r6" | "r7" | "vega"));
    let bare = words.windows(2).any(|pair| matches!(pair, [a, b] if (a.starts_with("radeon") || a == "tm") && b == "graphics"));
    if processor || bare || (small && has("graphics")) || (series && !has("rx") && !has("pro") && !has("hd")) {
        return Some(true);
    }
    (has("rx") || has("pro") || has("r9") || has("vii") || any(&|word| word.starts_with("rx"))).then_some(false)
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// Eight letters and digits without meaning, as Brave answers when it hides the hardware.
fn is_random(text: &str) -> bool {
    text.len() == 8
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && vendor_in(text).is_none()
        && !is_word(text)
        && text != "llvmpipe"
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase())
}

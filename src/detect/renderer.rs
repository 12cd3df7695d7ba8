//! The wrapping around a name in a WebGL renderer string: ANGLE, Vulkan, D3D12, zink, buckets, ids.

/// No browser reports more; what is longer is not looked at.
const LONGEST: usize = 512;
/// Prefixes that put the driver's own text into brackets.
const WRAPPERS: &[&str] = &["Vulkan ", "D3D12 (", "zink ", "NVIDIA Virtio-GPU Venus (", "Virtio-GPU Venus (", "virgl (", EMULATOR];
const ANGLE: &str = "ANGLE (";
const EMULATOR: &str = "Android Emulator OpenGL ES Translator (";
/// What follows a name.
const TAILS: &[&str] = &[
    " (0x",
    "(0x",
    " Direct3D",
    " vs_",
    "/PCI",
    "/AGP",
    "/SSE",
    "/integrated",
    " OpenGL Engine",
    "(NVK",
    "(NVIDIA_PROPRIETARY",
    "(MESA",
];

/// A renderer string, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Renderer<'a> {
    /// The whole string, bounded.
    pub text: &'a str,
    /// ANGLE's first part: the maker by PCI vendor id.
    pub maker: &'a str,
    /// The driver's name for the device, without what is around it.
    pub name: &'a str,
    /// The device id in the string.
    pub device_id: Option<u32>,
    /// Replaced by Firefox with one of a few names.
    pub bucket: bool,
    /// The chip, where a Mesa driver names it.
    pub chip: Option<&'a str>,
}

/// Takes a renderer string apart.
pub(super) fn take_apart(raw: &str) -> Renderer<'_> {
    let text = bounded(raw).trim();
    let (body, bucket) = text.split_once(", or similar").map_or((text, false), |(before, _)| (before, true));
    let (maker, body) = unwrap_angle(body);
    Renderer { text, maker, name: name_in(body), device_id: device_id(text), bucket, chip: nvk_chip(text) }
}

/// The first part of a text that is no longer than any renderer string.
pub(super) fn bounded(text: &str) -> &str {
    text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// `ANGLE (maker, renderer, version)`; before 2021 just `ANGLE (renderer)`. ANGLE deletes commas inside the parts.
fn unwrap_angle(text: &str) -> (&str, &str) {
    let Some(inner) = text.strip_prefix(ANGLE) else { return ("", text) };
    let inner = inner.strip_suffix(')').unwrap_or(inner);
    match inner.split_once(", ") {
        Some((maker, rest)) => (maker, rest.rsplit_once(", ").map_or(rest, |(body, _version)| body)),
        None => ("", inner),
    }
}

fn name_in(mut body: &str) -> &str {
    loop {
        // A virtual machine may show the host's own wrapping inside its own.
        if body.starts_with(ANGLE) {
            (_, body) = unwrap_angle(body);
        } else if let Some((_, inner)) =
            WRAPPERS.iter().find(|wrapper| body.starts_with(**wrapper)).and_then(|_| body.split_once('('))
        {
            body = inner;
        } else {
            break;
        }
    }
    body = body.strip_prefix("ANGLE Metal Renderer: ").unwrap_or(body);
    let end = TAILS.iter().filter_map(|tail| body.find(tail)).chain(unmatched_bracket(body)).min();
    end.and_then(|end| body.get(..end)).unwrap_or(body).trim()
}

/// Where a bracket closes that did not open here: the end of what a wrapper holds.
fn unmatched_bracket(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            _ => {}
        }
        None
    })
}

/// "(0x00002206)"; the last one, because an earlier one may be part of a name.
fn device_id(text: &str) -> Option<u32> {
    text.rmatch_indices("(0x").find_map(|(at, prefix)| {
        let (digits, _) = text.get(at + prefix.len()..)?.split_once(')')?;
        parse_hex(digits)
    })
}

/// Up to eight hexadecimal digits.
pub(super) fn parse_hex(digits: &str) -> Option<u32> {
    let hex = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// "(NVK GA104)".
fn nvk_chip(text: &str) -> Option<&str> {
    let (_, after) = text.split_once("(NVK ")?;
    let chip = after.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    (!chip.is_empty()).then_some(chip)
}

/// nouveau's number for the chip: 0x137 of "NV137".
pub(super) fn nouveau_code(name: &str) -> Option<u16> {
    let word = name.split_whitespace().find_map(|word| word.strip_prefix("NV"))?;
    let hex = (2..=3).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u16::from_str_radix(word, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn name(raw: &str, expected: &str) {
        assert_eq!(take_apart(raw).name, expected, "{raw}");
    }

    #[test]
    fn names_come_out_of_their_wrapping() {
        name("ANGLE (NVIDIA, NVIDIA GeForce RTX 3080 (0x00002206) Direct3D11 vs_5_0 ps_5_0, D3D11)", "NVIDIA GeForce RTX 3080");
        name("ANGLE (NVIDIA TITAN X (Pascal) Direct3D11 vs_5_0 ps_5_0)", "NVIDIA TITAN X (Pascal)");
        name("ANGLE (NVIDIA Corporation, NVIDIA GB10/PCIe, OpenGL 4.5.0)", "NVIDIA GB10");
        name("zink Vulkan 1.4(NVIDIA GeForce RTX 3070 (NVK GA104) (MESA_NVK))", "NVIDIA GeForce RTX 3070");
        name(
            "ANGLE (NVIDIA, Vulkan 1.3.341 (NVIDIA Virtio-GPU Venus (NVIDIA GeForce RTX 4060 Ti) (0x00002788)), venus-26.0.65.35)",
            "NVIDIA GeForce RTX 4060 Ti",
        );
        name(
            "ANGLE (NVIDIA GeForce 7025 / NVIDIA nForce 630a Direct3D9Ex vs_3_0 ps_3_0)",
            "NVIDIA GeForce 7025 / NVIDIA nForce 630a",
        );
        name(
            "ANGLE (NVIDIA, NVIDIA GeForce RTX 3050 Ti Laptop GPU (0x000025A0) Direct3D11 vs_5_0 ps_5_0, D3D11",
            "NVIDIA GeForce RTX 3050 Ti Laptop GPU",
        );
        name("ANGLE (NVIDIA, , D3D11)", "");
        name("virgl (ANGLE (NVIDIA, NVIDIA GeForce RTX 3090 Direct3D11 vs_5_0 ps_5_0, D3D11))", "NVIDIA GeForce RTX 3090");
        name("ANGLE (NVIDIA, ANGLE Metal Renderer: NVIDIA GeForce GT 750M, Unspecified Version)", "NVIDIA GeForce GT 750M");
    }

    #[test]
    fn ids_are_read_only_where_they_are_whole() {
        assert_eq!(take_apart("GeForce 210  (0x00000A65) Direct3D11").device_id, Some(0x0a65));
        assert_eq!(take_apart("GeForce RTX 3080 (0xZZZZ) Direct3D11").device_id, None);
        assert_eq!(take_apart("GeForce RTX 3080 (0x000022").device_id, None);
    }

    #[test]
    fn chips_are_read_from_mesa() {
        assert_eq!(take_apart("zink Vulkan 1.4(NVIDIA GeForce RTX 3070 (NVK GA104) (MESA_NVK))").chip, Some("GA104"));
        assert_eq!(nouveau_code("NV137"), Some(0x137));
        assert_eq!(nouveau_code("NVS 510"), None);
    }
}

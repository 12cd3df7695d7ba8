//! From a card as a source writes it to one of the catalogue.

use whichcard::catalog::Catalog;

/// Names that say less than the catalogue distinguishes. Where a source does not give the form, the commoner one in data centres
/// (SXM) is taken.
const NAMES: [(&str, &str); 25] = [
    ("RTX 4060 Ti", "rtx-4060-ti-8gb"),
    ("A100 80GB", "a100-sxm-80gb"),
    ("A100 80GB SXM", "a100-sxm-80gb"),
    ("A100 80GB PCIe", "a100-pcie-80gb"),
    ("A100 40GB", "a100-sxm-40gb"),
    ("A100 40GB SXM", "a100-sxm-40gb"),
    ("A100 40GB PCIe", "a100-pcie-40gb"),
    ("H100 80GB SXM", "h100-sxm"),
    ("H100 80GB PCIe", "h100-pcie"),
    ("V100 16GB", "v100-sxm2-16gb"),
    ("V100 32GB", "v100-sxm2-32gb"),
    ("V100S 32GB PCIe", "v100s-pcie-32gb"),
    ("P100 16GB SXM", "tesla-p100-sxm2"),
    ("P100 16GB PCIe", "tesla-p100-pcie-16gb"),
    ("GTX Titan Xp", "titan-xp"),
    ("Titan V", "titan-v"),
    ("TITAN RTX", "titan-rtx"),
    ("GTX 1050 Ti 4GB", "gtx-1050-ti"),
    ("RTX 2070 Max-Q", "rtx-2070-laptop"),
    ("RTX 2080 Max-Q", "rtx-2080-laptop"),
    ("RTX 2080 Super Max-Q", "rtx-2080-super-laptop"),
    ("RTX 3080 Laptop 16GB (Max-Q)", "rtx-3080-16gb-laptop"),
    ("RTX 3080 Laptop", "rtx-3080-8gb-laptop"),
    ("P106-100 6GB (GTX 1060 mining)", "gtx-1060-6gb"),
    ("RTX 4090D", "rtx-4090-d"),
];

/// The catalogue id, if the catalogue has the card. Maxwell is older than anything in it; memory alone is the same on the Pascal card
/// of the same name and size.
pub fn id(catalog: &Catalog, name: &str, memory_only: bool) -> Option<String> {
    let known = NAMES.iter().find(|(written, _)| *written == name).map_or(name, |(_, id)| id);
    let known = match known.contains("Maxwell") {
        true if memory_only => "titan-x-pascal",
        true => return None,
        false => known,
    };
    catalog.card(known).map(|card| card.id.clone())
}

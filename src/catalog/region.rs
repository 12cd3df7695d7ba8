//! What is known of a region where nothing is known of a country in it: the European Union and the continents of UN M49.

/// The world, which every country is in.
pub(super) const WORLD: &str = "001";

/// Regions of which the catalogue has figures, the smaller before what they are part of, with their countries.
const REGIONS: [(&str, &str); 7] = [
    ("EU", "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"),
    (
        "150",
        "AD AL AT BA BE BG BY CH CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SK SM UA XK",
    ),
    (
        "142",
        "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    ),
    ("021", "BM CA GL PM US"),
    ("005", "AR BO BR CL CO EC FK GF GY PE PY SR UY VE"),
    (
        "002",
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW",
    ),
    ("009", "AU FJ FM GU KI MH NC NR NZ PF PG PW SB TO TV VU WS"),
];

/// The regions a country is in, nearest first, and the world.
pub(super) fn around(country: &str) -> impl Iterator<Item = &'static str> {
    let within = move |(_, countries): &&(&str, &str)| countries.split(' ').any(|code| code.eq_ignore_ascii_case(country));
    REGIONS.iter().filter(within).map(|(region, _)| *region).chain([WORLD])
}

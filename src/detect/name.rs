//! The grammar of card names: family, number, suffixes, memory size, laptop. Two names are the same only word for word.

/// Words that carry no meaning of their own.
const SILENT: &[&str] = &["nvidia", "corporation", "tesla", "tm", "r", "gpu", "design", "with", "generation", "edition"];
/// No real name has more words.
const MOST_WORDS: usize = 16;

/// A card name, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// Family, number and suffixes in order ("RTX", "4070", "Ti", "SUPER").
    words: Vec<&'a str>,
    /// Memory size in the name.
    pub memory_gb: Option<u16>,
    /// Says "Laptop GPU" or "Max-Q".
    pub says_laptop: bool,
    /// Says "Max-Q", which drivers may leave out; "Laptop GPU" they do not.
    pub says_max_q: bool,
    /// Table only: a laptop chip that reports the desktop's name.
    pub silent_laptop: bool,
    /// Table only: not a laptop, whatever the chip says.
    pub desktop: bool,
    /// Table only: sold inside whole machines; never guessed by name alone.
    pub oem: bool,
    /// Says "GeForce".
    geforce: bool,
}

impl<'a> Name<'a> {
    /// Takes a name apart; `None` if there is nothing in it, or more than any name has.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut name = Self::default();
        let mut words = words(text).peekable();
        while let Some(word) = words.next() {
            let is = |other: &str| word.eq_ignore_ascii_case(other);
            if is("geforce") {
                name.geforce = true;
            } else if is("laptop") {
                name.says_laptop = true;
            } else if is("mobile") {
                name.silent_laptop = true;
            } else if is("desktop") {
                name.desktop = true;
            } else if is("oem") || is("mac") {
                name.oem = true;
            } else if is("max") && words.next_if(|next| next.eq_ignore_ascii_case("q")).is_some() {
                // "Max-Q Workstation Edition" is a desktop card.
                match words.peek() {
                    Some(next) if next.eq_ignore_ascii_case("workstation") => name.words.push("maxq"),
                    _ => (name.says_laptop, name.says_max_q) = (true, true),
                }
            } else if let Some(size) = memory_gb(word, words.peek().copied()) {
                if !ends_with_letter(word) {
                    words.next();
                }
                name.memory_gb = Some(size);
            } else if !SILENT.iter().any(|silent| is(silent)) {
                name.words.push(word);
            }
            if name.words.len() > MOST_WORDS {
                return None;
            }
        }
        (!name.words.is_empty()).then_some(name)
    }

    /// The same family, number and suffixes as a name of the table.
    pub fn same_model(&self, listed: &Name<'_>) -> bool {
        let bare_number = self.words.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        (self.geforce || !bare_number)
            && self.words.len() == listed.words.len()
            && self.words.iter().zip(&listed.words).all(|(a, b)| a.eq_ignore_ascii_case(b))
    }

    /// Whether the words claim a model at all, known or not ("RTX 6090", but not "Graphics Device").
    pub fn claims_model(&self) -> bool {
        self.words.iter().any(|word| word.contains(|c: char| c.is_ascii_digit()))
    }

    /// Whether this is its first word.
    pub fn starts_with_word(&self, word: &str) -> bool {
        self.words.first().is_some_and(|first| first.eq_ignore_ascii_case(word))
    }

    /// A model number that only laptop cards have: 960M, MX450, K5100M, Go 7300.
    pub fn has_laptop_number(&self) -> bool {
        self.words.iter().any(|word| is_laptop_number(word))
    }
}

/// The words of a name; a slash is a word, because some names have one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '-'))
        .flat_map(|word| word.split_inclusive('/'))
        .flat_map(|word| {
            let (head, slash) = word.strip_suffix('/').map_or((word, ""), |head| (head, "/"));
            [head, slash]
        })
        .filter(|word| !word.is_empty())
}

fn ends_with_letter(word: &str) -> bool {
    word.ends_with(|c: char| c.is_ascii_alphabetic())
}

/// "6GB", "144G", or "6" before "GB".
fn memory_gb(word: &str, next: Option<&str>) -> Option<u16> {
    let lower = word.to_ascii_lowercase();
    let digits = match lower.strip_suffix("gb").or_else(|| lower.strip_suffix('g')) {
        Some(digits) => digits,
        None if next.is_some_and(|next| next.eq_ignore_ascii_case("gb")) => lower.as_str(),
        None => return None,
    };
    (digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

fn is_laptop_number(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if lower == "go" || lower.strip_prefix("mx").is_some_and(|number| all_digits(number, 3..=3)) {
        return true;
    }
    let Some(number) = lower.strip_suffix("mx").or_else(|| lower.strip_suffix('m')) else { return false };
    all_digits(number.trim_start_matches(|c: char| c.is_ascii_alphabetic()), 3..=4)
}

fn all_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// A slice of a card as the hypervisor names it ("T4-2Q", "A100-4-20C", "T4-2B4"): the board's part of the name.
pub(super) fn slice_of(text: &str) -> Option<&str> {
    let (board, profile) = text.trim_end().rsplit_once('-')?;
    let kind = |c: char| matches!(c.to_ascii_uppercase(), 'Q' | 'B' | 'C' | 'A');
    let (size, heads) = profile.split_once(kind)?;
    let is_profile = all_digits(size, 1..=3) && (heads.is_empty() || all_digits(heads, 1..=1));
    (is_profile && board.contains(|c: char| c.is_ascii_digit())).then_some(board)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert!(Name::parse(a).unwrap().same_model(&Name::parse(b).unwrap()), "{a} and {b}");
    }

    #[track_caller]
    fn differ(a: &str, b: &str) {
        assert!(!Name::parse(a).unwrap().same_model(&Name::parse(b).unwrap()), "{a} and {b}");
    }

    #[test]
    fn spacing_case_and_fillers_do_not_matter() {
        same("NVIDIA   GeForce   RTX   3060    Ti", "RTX 3060 Ti");
        same("RTX 2080 Super with Max-Q Design", "RTX 2080 SUPER");
        same("Tesla V100-SXM2-32GB", "V100 SXM2 32GB");
        same("RTX 5000 Ada Generation Laptop GPU", "RTX 5000 Ada");
    }

    #[test]
    fn suffixes_matter() {
        differ("GeForce RTX 4070 Ti SUPER", "RTX 4070 Ti");
        differ("GeForce RTX 4090 D", "RTX 4090");
        differ("GeForce RTX 309", "RTX 3090");
        differ("NVIDIA RTX 4000 SFF Ada Generation", "RTX 4000 Ada");
        differ("RTX A6000", "RTX 6000 Ada");
        differ("GeForce RTX\u{200b} 4\u{200b}090", "RTX 4090");
        differ("NVIDIA 9800 GT", "9800 GT");
    }

    #[test]
    fn memory_and_laptop_are_set_apart() {
        let name = Name::parse("NVIDIA GeForce RTX 3050 6GB Laptop GPU").unwrap();
        assert_eq!((name.memory_gb, name.says_laptop), (Some(6), true));
        let name = Name::parse("RTX PRO 6000 Blackwell Max-Q Workstation Edition").unwrap();
        assert_eq!((name.memory_gb, name.says_laptop), (None, false));
        assert!(Name::parse("GeForce GTX 960M").unwrap().has_laptop_number());
        assert!(!Name::parse("Quadro M2000").unwrap().has_laptop_number());
    }

    #[test]
    fn slices_are_not_cards() {
        assert_eq!(slice_of("GRID T4-2Q"), Some("GRID T4"));
        assert_eq!(slice_of("NVIDIA T4-2B4"), Some("NVIDIA T4"));
        assert_eq!(slice_of("NVIDIA A100-4-20C"), Some("NVIDIA A100-4"));
        assert_eq!(slice_of("NVIDIA RTX Pro 6000 Blackwell DC-24Q"), Some("NVIDIA RTX Pro 6000 Blackwell DC"));
        assert_eq!(slice_of("NVIDIA A100-SXM4-80GB"), None);
        assert_eq!(slice_of("P104-100"), None);
        assert_eq!(slice_of("GeForce RTX 2080 Super with Max-Q Design"), None);
    }
}

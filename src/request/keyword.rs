//! Closed lists of names, as the public request spells them.

use std::fmt;

/// A value that is one of a few names ("bf16-autocast"): everything that reads, writes or suggests such a name goes through here.
pub trait Keyword: Copy + PartialEq + fmt::Debug + 'static {
    /// All values, in the order a list should show them.
    const ALL: &'static [Self];

    /// The name used in requests, links and files.
    fn name(self) -> &'static str;

    /// The value of that name.
    #[must_use]
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.name() == name)
    }

    /// All names.
    #[must_use]
    fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|value| value.name()).collect()
    }
}

/// Defines an enum that is a [`Keyword`] and (de)serialises as its name.
macro_rules! keyword {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $crate::request::Keyword for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }
    };
}

pub(crate) use keyword;

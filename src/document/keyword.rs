//! Closed lists of names, as documents spell them.

use super::{Reader, Wrong};
use serde_json::Value;
use std::fmt;

/// A value that is one of a few names ("bf16-autocast"): everything that reads, writes or suggests such a name goes through here.
pub trait Keyword: Copy + PartialEq + fmt::Debug + 'static {
    /// All values, in the order a list should show them.
    const ALL: &'static [Self];

    /// All names, in the same order.
    const NAMES: &'static [&'static str];

    /// The name used in requests, links and files.
    fn name(self) -> &'static str;

    /// The value of that name.
    #[must_use]
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.get(place(Self::NAMES, name)?).copied()
    }

    /// All names.
    #[must_use]
    fn names() -> Vec<&'static str> {
        Self::NAMES.to_vec()
    }
}

fn place(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|one| *one == name)
}

impl Reader {
    /// Which of these names stands here.
    pub fn named(&mut self, value: &Value, names: &'static [&'static str]) -> Option<usize> {
        let found = value.as_str().and_then(|name| place(names, name));
        if found.is_none() {
            self.fault(value, Wrong::Name(names));
        }
        found
    }
}

/// Defines an enum that is a [`Keyword`]: documents say its names.
macro_rules! keyword {
    ($(#[$doc:meta])* $name:ident { $(#[$fdoc:meta])* $first:ident = $ftext:literal, $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        $(#[$doc])*
        pub enum $name {
            $(#[$fdoc])* #[cfg_attr(feature = "schema", serde(rename = $ftext))] $first,
            $($(#[$vdoc])* #[cfg_attr(feature = "schema", serde(rename = $text))] $variant,)*
        }

        impl $crate::document::Keyword for $name {
            const ALL: &'static [Self] = &[Self::$first, $(Self::$variant),*];
            const NAMES: &'static [&'static str] = &[$ftext, $($text),*];

            fn name(self) -> &'static str {
                match self {
                    Self::$first => $ftext,
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit_variant(stringify!($name), 0, $crate::document::Keyword::name(*self))
            }
        }

        impl $crate::document::Read for $name {
            fn fill(&mut self, value: &serde_json::Value, reader: &mut $crate::document::Reader) {
                let place = reader.named(value, <Self as $crate::document::Keyword>::NAMES);
                if let Some(read) = place.and_then(|place| <Self as $crate::document::Keyword>::ALL.get(place)) {
                    *self = *read;
                }
            }
        }

        impl $crate::document::Blank for $name {
            fn blank() -> Self {
                Self::$first
            }
        }
    };
}

pub(crate) use keyword;

//! Optional fields of the TypeScript types, which may be `undefined` as well as left out.
//!
//! With `exactOptionalPropertyTypes` a compiler tells the two apart, and refuses `{ webglRenderer: gl?.getParameter(...) }`. What is undefined
//! does not go into a question (JSON has no word for it), so it is the same as left out.

/// The types with `| undefined` at the end of each optional field.
pub fn undefined(types: &str) -> String {
    let mut out = String::with_capacity(types.len() + types.len() / 8);
    // Of each optional field whose type has begun, between how many brackets it stands: it ends at the semicolon there.
    let mut open: Vec<usize> = Vec::new();
    let (mut depth, mut rest) = (0_usize, types);
    while let Some(token) = Token::first(rest) {
        let (text, after) = rest.split_at(token.length);
        match token.what {
            What::Optional => open.push(depth),
            What::Open => depth += 1,
            What::Close => depth = depth.saturating_sub(1),
            What::End if open.last() == Some(&depth) => {
                open.pop();
                out.push_str(" | undefined");
            }
            What::End | What::Other => {}
        }
        out.push_str(text);
        rest = after;
    }
    out
}

enum What {
    /// The mark between the name of an optional field and its type.
    Optional,
    Open,
    Close,
    /// A semicolon.
    End,
    Other,
}

struct Token {
    what: What,
    length: usize,
}

impl Token {
    /// What a text begins with. Remarks and names in quotation marks are one token each.
    fn first(text: &str) -> Option<Self> {
        let first = text.chars().next()?;
        let until = |begin: usize, end: &str| {
            text.get(begin..).and_then(|inside| inside.find(end)).map_or(text.len(), |at| begin + at + end.len())
        };
        let (what, length) = match first {
            '/' if text.starts_with("/*") => (What::Other, until(2, "*/")),
            '/' if text.starts_with("//") => (What::Other, until(2, "\n")),
            '"' => (What::Other, until(1, "\"")),
            '`' => (What::Other, until(1, "`")),
            '?' if text.starts_with("?:") => (What::Optional, 2),
            '{' | '(' | '[' | '<' => (What::Open, 1),
            '}' | ')' | ']' | '>' => (What::Close, 1),
            ';' => (What::End, 1),
            _ => (What::Other, first.len_utf8()),
        };
        Some(Self { what, length })
    }
}

#[cfg(test)]
mod tests {
    use super::undefined;

    #[test]
    fn optional_fields_and_no_others_may_be_undefined() {
        let before = r#"/** Why?: because; {. */
export interface Request {
  model: "a;b";
  lang?: string | null;
  kind?:
    | "x?: y;"
    | `layers:${number}`;
  deep?: {
    /** One; */
    card?: (string | Given) & Known;
    count: number;
  };
  list?: [number, number][];
}
type Layers = Array<{ first?: number; second: number }>;
"#;
        let after = before
            .replace("string | null;", "string | null | undefined;")
            .replace("{number}`;", "{number}` | undefined;")
            .replace("& Known;", "& Known | undefined;")
            .replace("\n  };", "\n  } | undefined;")
            .replace("[number, number][];", "[number, number][] | undefined;")
            .replace("first?: number;", "first?: number | undefined;");
        assert_eq!(undefined(before), after);
    }
}

//! What a visitor keeps under names of their own: one setup a line in the browser's storage, the name, a tab, its link.

use whichcard::share::Link;

/// Name of what is kept.
pub const KEY: &str = "setups";
/// Letters of a name; more would be no name.
const LONGEST: usize = 80;

/// A setup under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    pub name: String,
    pub link: Link,
}

/// Reads what was kept; lines that say nothing are left out.
pub fn read(text: &str) -> Vec<Saved> {
    let line = |line: &str| {
        let (name, query) = line.split_once('\t')?;
        (!name.is_empty()).then(|| Saved { name: name.to_owned(), link: Link::read(query) })
    };
    text.lines().filter_map(line).collect()
}

pub fn write(all: &[Saved]) -> String {
    all.iter().map(|one| format!("{}\t{}\n", one.name, one.link.write())).collect()
}

/// A name on one line, without room around it.
pub fn name(typed: &str) -> String {
    let line: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    line.trim().to_owned()
}

/// A name that nobody gave, with a number where another setup has it already.
pub fn free(all: &[Saved], name: &str, link: &Link) -> String {
    let taken = |name: &str| all.iter().any(|one| one.name == name && one.link != *link);
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// The latest first; one of the same name gives way.
pub fn with(all: &[Saved], new: Saved) -> Vec<Saved> {
    let others = all.iter().filter(|one| one.name != new.name).cloned();
    std::iter::once(new.clone()).chain(others).collect()
}

pub fn without(all: &[Saved], name: &str) -> Vec<Saved> {
    all.iter().filter(|one| one.name != name).cloned().collect()
}

/// Another name, in the same place; a second one of that name gives way.
pub fn renamed(all: &[Saved], from: &str, to: &str) -> Vec<Saved> {
    let kept = all.iter().filter(|one| one.name == from || one.name != to);
    kept.map(|one| if one.name == from { Saved { name: to.to_owned(), ..one.clone() } } else { one.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(name: &str) -> Saved {
        Saved { name: name.to_owned(), link: Link::read(&format!("view=inspect&model={name}")) }
    }

    fn names(all: &[Saved]) -> Vec<&str> {
        all.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let all = vec![saved("家里的 4090"), saved("a=b&c\"")];
        assert_eq!(read(&write(&all)), all);
        assert_eq!(read("no tab\n\tview=card\n\n"), Vec::new());
    }

    #[test]
    fn names_are_one_line_and_not_endless() {
        assert_eq!(name("  my\tcard\n "), "my card");
        assert_eq!(name(&"x".repeat(200)).len(), LONGEST);
        assert_eq!(name("\t \n"), "");
    }

    #[test]
    fn a_setup_never_gives_way_to_another_by_a_name_that_nobody_gave() {
        let (one, other) = (saved("a"), saved("b"));
        assert_eq!(free(&[], "a", &one.link), "a");
        assert_eq!(free(std::slice::from_ref(&one), "a", &one.link), "a", "the same again");
        assert_eq!(free(std::slice::from_ref(&one), "a", &other.link), "a (2)");
        let second = Saved { name: "a (2)".to_owned(), ..saved("c") };
        assert_eq!(free(&[one, second], "a", &other.link), "a (3)");
    }

    #[test]
    fn a_name_stands_once() {
        let all = with(&with(&[saved("a")], saved("b")), saved("a"));
        assert_eq!(names(&all), ["a", "b"]);
        assert_eq!(names(&renamed(&all, "b", "a")), ["a"]);
        assert_eq!(renamed(&all, "b", "a").first(), Some(&Saved { name: "a".to_owned(), ..saved("b") }));
        assert_eq!(names(&renamed(&all, "a", "c")), ["c", "b"]);
        assert_eq!(names(&without(&all, "a")), ["b"]);
    }
}

//! The names a model is found by, however a person writes them.

/// Chinese names of families, which replace the Latin one in a model's name.
const CHINESE: [(&str, &str); 16] = [
    ("qwen", "通义千问"),
    ("qwen", "千问"),
    ("chatglm", "智谱"),
    ("glm", "智谱"),
    ("baichuan", "百川"),
    ("internlm", "书生"),
    ("internlm", "书生浦语"),
    ("deepseek", "深度求索"),
    ("yi", "零一万物"),
    ("ernie", "文心"),
    ("hunyuan", "混元"),
    ("minicpm", "面壁"),
    ("kimi", "月之暗面"),
    ("wan", "万相"),
    ("seed", "豆包"),
    ("llama", "羊驼"),
];

/// What two spellings of one name have in common: lower case, without owner (`meta-llama/`), tuning suffix (`-Instruct`),
/// spaces and dashes. "Llama-3-8B-Instruct", "llama3 8b" and "llama3:8b" all become `llama38b`.
#[must_use]
pub fn search_key(text: &str) -> String {
    let lower = text.trim().to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let name = name.strip_prefix("meta-").unwrap_or(name);
    let mut words: Vec<&str> = name.split([' ', '-', '_', ':', '(', ')']).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && matches!(words.last(), Some(&("instruct" | "chat" | "it" | "hf"))) {
        words.pop();
    }
    words.concat().chars().filter(|letter| is_letter(*letter) || *letter == '.').collect()
}

/// Letters and digits of any script. Unicode's own tables of them are larger than all names together.
#[must_use]
pub const fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, 'À'..='\u{1fff}' | '\u{3040}'..='\u{fdff}' | '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | 'ｦ'..)
}

/// Search keys of names, and of the same names with the family written in Chinese.
#[must_use]
pub fn search_keys<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut keys: Vec<String> = names.into_iter().map(search_key).collect();
    let chinese: Vec<String> = keys
        .iter()
        .flat_map(|key| CHINESE.iter().filter_map(|(latin, chinese)| Some(format!("{chinese}{}", key.strip_prefix(latin)?))))
        .collect();
    keys.extend(chinese);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(spelling: &str, id: &str) {
        assert_eq!(search_key(spelling), search_key(id));
    }

    #[test]
    fn spellings_of_one_name_meet() {
        same("llama3 8b", "llama-3-8b");
        same("meta-llama/Meta-Llama-3-8B-Instruct", "llama-3-8b");
        same("llama3.1:8b", "llama-3.1-8b");
        same("Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b");
        same("google/gemma-2-2b-it", "gemma-2-2b");
        assert_ne!(search_key("llama-3-8b"), search_key("llama-3.1-8b"));
    }

    #[test]
    fn chinese_names_are_found() {
        assert!(search_keys(["qwen2.5-7b"]).contains(&search_key("通义千问2.5 7B")));
    }
}

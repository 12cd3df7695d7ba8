//! Names as people type them, and what they find.

use super::*;

#[test]
fn names_are_found_however_they_are_typed() {
    let entries = [
        Pickable::new("rtx-4090", "GeForce RTX 4090", "24 GB · Ada", &[]),
        Pickable::new("rtx-4090-laptop", "GeForce RTX 4090 Laptop GPU", "16 GB · Ada", &[]),
        Pickable::new("tesla-p40", "Tesla P40", "24 GB · Pascal", &[]),
    ];
    let values = |query: &str| found(&entries, query).into_iter().map(|place| entries[place].value.to_string()).collect::<Vec<_>>();
    assert_eq!(values("4090笔记本"), ["rtx-4090-laptop"]);
    assert_eq!(values("笔记本 4090"), ["rtx-4090-laptop"]);
    assert_eq!(values("英伟达 4090 显卡").len(), 2);
    assert_eq!(values("geforc").len(), 2, "half a word");
    assert_eq!(values("特斯拉 P40"), ["tesla-p40"]);
    assert_eq!(values("ｐ４０　２４Ｇ"), ["tesla-p40"], "full width");
    assert_eq!(values("NVIDIA p40 24G"), ["tesla-p40"]);
    let models = [Pickable::new("opt-1.3b", "OPT 1.3B", "1.32B", &[]), Pickable::new("qwen2.5-32b", "Qwen2.5 32B", "32.8B", &[])];
    assert_eq!(found(&models, "32B"), [1], "a size is no end of another");
    assert_eq!(found(&models, "1.3B"), [0]);
    assert!(values("💥").is_empty() && values("4091").is_empty());
    for address in ["https://huggingface.co/Qwen/Qwen2.5-32B", "Qwen/Qwen2.5-32B-Instruct", "Qwen2.5-32B-Instruct"] {
        assert_eq!(found(&models, address), [1], "{address}");
    }
    assert!(found(&models, "https://huggingface.co/").is_empty());
}

#[test]
fn the_first_word_says_whose_name_it_is() {
    let model = |name: &str| Pickable::new(&name.to_ascii_lowercase().replace(' ', "-"), name, "", &[]);
    let names = [
        "DeepSeek-R1-Distill-Llama 8B",
        "Qwen2.5-VL 7B",
        "DeepSeek-R1-Distill-Qwen 7B",
        "Qwen2.5 7B",
        "Llama 3 8B",
        "Qwen3 235B",
        "Qwen3 32B",
    ];
    let models: Vec<Pickable> = names.iter().map(|name| model(name)).collect();
    let called = |query: &str| found(&models, query).into_iter().map(|place| names[place]).collect::<Vec<_>>();
    assert_eq!(called("llama 8b"), ["Llama 3 8B", "DeepSeek-R1-Distill-Llama 8B"]);
    assert_eq!(called("qwen 7b"), ["Qwen2.5 7B", "Qwen2.5-VL 7B", "DeepSeek-R1-Distill-Qwen 7B"]);
    assert_eq!(called("qwen3 32"), ["Qwen3 32B"], "no number over the gap between two");
    assert_eq!(called("distill llama"), ["DeepSeek-R1-Distill-Llama 8B"]);
}

#[test]
fn memory_beside_a_name_is_understood_or_has_the_card_as_it_was_made_as_a_neighbour() {
    let card = |id: &str, name: &str, memory: &str| Pickable::new(id, name, &format!("{memory}\u{a0}GB · Ampere"), &[]);
    let cards = [
        card("a100-sxm-40gb", "A100 SXM4 40GB", "40"),
        card("rtx-2080-ti", "GeForce RTX 2080 Ti", "11"),
        card("rtx-3090", "GeForce RTX 3090", "24"),
    ];
    for query in ["rtx 3090 24g", "3090 24GB", "rtx3090 24 gb"] {
        assert_eq!(found(&cards, query), [2], "{query}");
        assert!(cards[2].is_meant_by(query), "{query}");
    }
    assert!(found(&cards, "2080ti 22g").is_empty());
    assert_eq!(nearest(&cards, "2080ti 22g"), [1]);
    assert!(!cards[1].is_meant_by("2080ti 22g"), "it is offered, not taken");
    assert!(found(&cards, "m40").is_empty() && nearest(&cards, "m40").is_empty(), "SXM4 is no M40");
    assert_eq!(without_memory("RTX 2080 Ti 22 GB"), Some(("rtx 2080 ti".to_owned(), 22)));
    assert_eq!((without_memory("24g"), without_memory("rtx 3090")), (None, None));
}

#[test]
fn a_name_that_is_misspelt_has_neighbours() {
    let called = |names: &[&str], typed: &str| {
        let entries: Vec<Pickable> = names.iter().map(|name| Pickable::new(name, name, "", &[])).collect();
        assert!(found(&entries, typed).is_empty(), "{typed}");
        nearest(&entries, typed).into_iter().map(|place| names[place].to_owned()).collect::<Vec<_>>()
    };
    let models = ["Llama 3 8B", "Stable Diffusion 1.5", "Qwen3 14B", "BERT"];
    assert_eq!(called(&models, "stable difusion"), ["Stable Diffusion 1.5"]);
    assert_eq!(called(&models, "lamma 3"), ["Llama 3 8B"]);
    assert_eq!(called(&models, "qwne3"), Vec::<String>::new(), "two letters of five");
    let cards = ["GeForce RTX 4090", "GeForce RTX 3090 Ti", "Tesla P40"];
    assert_eq!(called(&cards, "4090ti"), ["GeForce RTX 4090"]);
    assert_eq!(called(&cards, "4091"), Vec::<String>::new(), "another number is another card");
    assert_eq!(called(&cards, "💥💥💥💥"), Vec::<String>::new());
}

#[test]
fn of_what_a_text_means_the_rank_decides() {
    let model = |value: &str, rank| Pickable::new(value, value, "", &[]).ranked(rank);
    let entries = [model("deepseek-v2-lite", 3), model("deepseek-v4-pro", 1), model("deepseek-r1", 2)];
    assert_eq!(found(&entries, "deepseek"), [1, 2, 0]);
    assert_eq!(found(&entries, "deepseek v2"), [0]);
}

#[test]
fn only_words_and_sizes_that_match_are_meant() {
    let card = Pickable::new("rtx-4090-laptop", "GeForce RTX 4090 Laptop GPU", "16 GB · Ada", &[]);
    for text in ["4090笔记本", "英伟达 4090 笔记本显卡", "rtx4090", "4090 lap", "RTX 4090 16G", "rtx-4090-laptop"] {
        assert!(card.is_meant_by(text), "{text}");
    }
    let model = Pickable::new("gpt-neo-2.7b", "GPT-Neo 2.7B", "2.7B", &["gptneo"]);
    for text in ["2.7b", "gpt neo", "GPT-Neo-2.7B", "neo 2.7", "gptneo27b"] {
        assert!(model.is_meant_by(text), "{text}");
    }
    for text in ["-7B", "7B", "-2.7B", "27b", "eo", "neo 7b", "", "-", "显卡", "💥"] {
        assert!(!model.is_meant_by(text), "{text}");
    }
    assert!(!Pickable::new("llama-3.1-70b", "Llama 3.1 70B", "71B", &[]).is_meant_by("0B"));
}

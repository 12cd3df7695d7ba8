//! Cards of the chip or generation that the browser shows, where it shows no more.

use whichcard::card::{Brand, Card, Form, Generation};
use whichcard::catalog::Catalog;
use whichcard::detect::{Architecture, Guess};

/// The generations it may be of, where no card is named but its generation is: the catalogue's, for the older ones are not in it.
/// A slice of a card and a name that many cards share stand for any.
pub fn generations(guess: &Guess) -> Vec<Generation> {
    let told = guess.cards.is_empty() && !guess.is_virtual && !guess.masked;
    guess.generation.into_iter().chain(guess.other_generation).filter(|_| told).filter_map(Architecture::in_catalog).collect()
}

/// The catalogue's cards of these generations, of the chip alone where it is known: GeForce first, as most visitors have. A machine
/// with two GPUs is most often a laptop, any other a desktop.
pub fn cards<'a>(catalog: &'a Catalog, guess: &Guess) -> Vec<&'a Card> {
    let generations = generations(guess);
    let all = || catalog.cards().iter().map(AsRef::as_ref).filter(|card: &&Card| generations.contains(&card.generation));
    let of_chip: Vec<&Card> = all().filter(|card| guess.chip.as_deref() == Some(card.chip.as_str())).collect();
    let mut cards = if of_chip.is_empty() { all().collect() } else { of_chip };
    cards.retain(|card| guess.laptop.is_none_or(|laptop| laptop == (card.form == Form::Laptop)));
    let usual = if guess.hybrid { Form::Laptop } else { Form::Desktop };
    cards.sort_by_key(|card| (card.brand != Brand::Geforce, card.form != usual));
    cards
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(guess: &Guess) -> Vec<String> {
        let catalog = Catalog::from_json(include_str!("../../../../catalog.json")).expect("the shipped catalogue is readable");
        cards(&catalog, guess).into_iter().map(|card| card.id.clone()).collect()
    }

    #[test]
    fn a_chip_leaves_its_cards_and_a_word_its_generation() {
        let chip = Guess { generation: Some(Architecture::Pascal), chip: Some("GP107".to_owned()), ..Guess::default() };
        assert!(
            ids(&chip).starts_with(&["gtx-1050".to_owned()]) && !ids(&chip).contains(&"gtx-1080".to_owned()),
            "{:?}",
            ids(&chip)
        );
        let word = Guess { generation: Some(Architecture::Ada), ..Guess::default() };
        assert!(ids(&word).first().is_some_and(|id| id.starts_with("rtx-40")), "{:?}", ids(&word));
        assert!(ids(&word).contains(&"rtx-4090".to_owned()));
    }

    #[test]
    fn a_word_for_two_generations_offers_both_and_an_old_one_none() {
        let two = Guess { generation: Some(Architecture::Pascal), other_generation: Some(Architecture::Volta), ..Guess::default() };
        assert!(ids(&two).contains(&"gtx-1080-ti".to_owned()) && ids(&two).contains(&"titan-v".to_owned()), "{:?}", ids(&two));
        let old = Guess { generation: Some(Architecture::Kepler), ..Guess::default() };
        assert!(ids(&old).is_empty() && ids(&Guess::default()).is_empty());
    }

    #[test]
    fn two_gpus_are_most_often_in_a_laptop() {
        let ampere = Guess { generation: Some(Architecture::Ampere), ..Guess::default() };
        assert!(ids(&ampere).first().is_some_and(|id| !id.ends_with("-laptop")));
        let hybrid = ids(&Guess { hybrid: true, ..ampere });
        assert!(hybrid.iter().take(8).all(|id| id.ends_with("-laptop")), "{hybrid:?}");
        assert!(hybrid.contains(&"rtx-3090-ti".to_owned()));
    }

    #[test]
    fn a_slice_and_a_shared_name_offer_nothing() {
        let turing = Guess { generation: Some(Architecture::Turing), ..Guess::default() };
        assert!(!ids(&turing).is_empty());
        assert!(ids(&Guess { is_virtual: true, ..turing.clone() }).is_empty() && ids(&Guess { masked: true, ..turing }).is_empty());
    }
}

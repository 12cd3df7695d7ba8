//! What a path costs: the electricity of cards at hand, and the rent of those that are not sold by themselves.

use super::scratch::StagePlan;
use crate::card::Form;
use crate::document::keyword;
use crate::units::Money;

keyword!(
    /// What the cost of a path is.
    CostOf {
        /// Electricity, for whoever has the cards.
        Electricity = "electricity",
        /// Renting the cards, and the electricity of preparing the data.
        Rent = "rent",
    }
);

/// Preparing the data and training together, by electricity and by rent.
pub(super) struct Bills {
    pub electricity: Option<Money>,
    pub rent: Option<Money>,
    pub of: CostOf,
}

impl Bills {
    /// Of the training stages on the rig at hand, where it does all of them. Modules of servers are rented, unless the request has their
    /// price, and so is what nobody sells.
    pub fn of(preparing: Option<Money>, trained: Option<&[&StagePlan]>) -> Self {
        let with_data = |of_stage: fn(&StagePlan) -> Option<Money>| {
            let (own, stages) = (preparing?, trained?);
            let amounts = stages.iter().map(|stage| Some(of_stage(stage)?.amount)).sum::<Option<f64>>()?;
            Some(Money { amount: own.amount + amounts, ..own })
        };
        let rent = with_data(|stage| stage.rent);
        let rented = rent.is_some() && trained.is_some_and(|stages| stages.iter().any(|stage| is_rented(stage)));
        Self {
            electricity: with_data(|stage| stage.electricity),
            rent,
            of: if rented { CostOf::Rent } else { CostOf::Electricity },
        }
    }

    /// What has to be paid.
    pub const fn cost(&self) -> Option<Money> {
        match self.of {
            CostOf::Electricity => self.electricity,
            CostOf::Rent => self.rent,
        }
    }
}

fn is_rented(stage: &StagePlan) -> bool {
    let (plan, given) = (&stage.plan, stage.plan.setup.money.card_price.is_some());
    plan.cost.buy.is_none() || plan.setup.rig.card.form == Form::Sxm && !given
}

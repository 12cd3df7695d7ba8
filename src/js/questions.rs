//! Questions that only programs ask as documents: the page asks them by its fields.

use crate::catalog::Catalog;
use crate::document::record;
use crate::error::RequestError;
use crate::request::{MoneyRequest, MoneyTerms, Rig, RigRequest, resolve, rig};

/// A rig and the prices that decide what else there is to buy.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), serde(rename_all = "camelCase", deny_unknown_fields))]
pub struct UpgradeRequest {
    /// The rig at hand.
    pub rig: RigRequest,
    /// Prices.
    #[cfg_attr(feature = "schema", serde(default))]
    pub money: MoneyRequest,
}

record!(UpgradeRequest { rig, money: optional });

impl UpgradeRequest {
    /// The rig and the prices, filled in.
    ///
    /// # Errors
    /// Anything unknown or out of range.
    pub fn resolve(&self, catalog: &Catalog) -> Result<(Rig, MoneyTerms), RequestError> {
        let rig = rig(catalog, &self.rig).map_err(|error| error.under("rig"))?;
        Ok((rig, resolve::money(catalog, &self.money).map_err(|error| error.under("money"))?))
    }
}

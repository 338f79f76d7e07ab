//! The use cases of an existing row: who may do them, and which state of the row they need. The mutations check both, and
//! [`available`] returns those that pass.

use dossier_core::{
    error::{Error, UserError},
    viewer::Member,
};
use dossier_data::{Columns, ReadTx};
use entities::client;
use futures::future::try_join_all;
use sea_orm::Iterable;
use std::borrow::Cow;
use uuid::Uuid;

/// A use case of an existing row.
pub trait UseCase: Copy + Iterable<Iterator: Send> + Send + Sync {
    /// The row.
    type Row: Send + Sync;

    /// Checks whether the member may do this with the row. Fails with a message for the member.
    fn permit(self, member: &Member, row: &Self::Row) -> Result<(), Cow<'static, str>>;

    /// Returns the dossier to which this adds something. It must not be archived.
    fn adds_to(self, row: &Self::Row) -> Option<Uuid>;

    /// Fails if the state of the row does not allow this, whatever the input is.
    fn check_state(self, tx: &ReadTx, row: &Self::Row) -> impl Future<Output = Result<(), Error>> + Send;

    /// Fails if the state of the row or of its dossier does not allow this.
    fn check(
        self,
        tx: &ReadTx,
        row: &Self::Row,
        dossier: &client::Model,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        async move {
            if self.adds_to(row).is_some() {
                require_open(dossier)?;
            }
            self.check_state(tx, row).await
        }
    }
}

/// Returns the use cases that the viewer may do now. One statement reads what many rows need.
pub async fn available<U: UseCase>(tx: &ReadTx, row: &U::Row) -> Result<Vec<U>, Error> {
    let Some(member) = tx.viewer.member() else { return Ok(Vec::new()) };
    let permitted = U::iter().filter(|use_case| use_case.permit(member, row).is_ok());
    let passed = try_join_all(permitted.map(|use_case| passes(use_case, tx, row))).await?;
    Ok(passed.into_iter().flatten().collect())
}

/// Refuses to add to an archived dossier.
pub fn require_open(dossier: &client::Model) -> Result<(), UserError> {
    if dossier.status == client::Status::Archived {
        return Err(UserError::conflict("This client is archived. Restore it first."));
    }
    Ok(())
}

async fn passes<U: UseCase>(use_case: U, tx: &ReadTx, row: &U::Row) -> Result<Option<U>, Error> {
    let checked = match use_case.adds_to(row) {
        None => use_case.check_state(tx, row).await,
        Some(dossier) => {
            let mut columns = Columns::NONE;
            columns.add([client::Column::Id, client::Column::Status]);
            match tx.get_columns::<client::Entity>(dossier, columns).await? {
                Some(dossier) => use_case.check(tx, row, &dossier).await,
                None => return Ok(None),
            }
        }
    };
    match checked {
        Ok(()) => Ok(Some(use_case)),
        Err(Error::User(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

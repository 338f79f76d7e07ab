//! The versions of a round.

use dossier_core::error::{Error, UserError};
use dossier_data::{Allowed, Arguments, Order, ReadTx, Slice, WriteTx};
use dossier_policy::RowPolicy;
use entities::{
    client,
    document::{self, Status},
    document_version as version,
    validation_request::{self as request, Entity},
    validation_version::{Column, Entity as Row, Model},
};
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The maximum number of versions of a request.
pub const MAX_VERSIONS: usize = 20;

/// The versions that an input names.
pub struct VersionIds {
    /// The versions, in order.
    pub ids: Vec<Uuid>,
    /// The field of the input.
    pub field: &'static str,
}

impl Default for VersionIds {
    fn default() -> Self {
        Self { ids: Vec::new(), field: "document_version_ids" }
    }
}

impl VersionIds {
    /// Returns the versions of the field for several.
    pub fn several(ids: Vec<Uuid>) -> Self {
        Self { ids, ..Self::default() }
    }
}

/// The versions of a round, in order.
pub struct Versions {
    rows: Vec<version::Model>,
    field: &'static str,
}

impl Versions {
    /// Returns these versions. The viewer must see them, and they must be complete. Their documents are locked against
    /// deletion.
    pub async fn lock(tx: &WriteTx, VersionIds { ids, field }: VersionIds) -> Result<Self, Error> {
        if ids.len() > MAX_VERSIONS {
            return Err(UserError::invalid(field, format!("must have at most {MAX_VERSIONS} versions")).into());
        }
        if ids.iter().collect::<BTreeSet<_>>().len() < ids.len() {
            return Err(UserError::invalid(field, "must not repeat a version").into());
        }
        let missing = || UserError::not_found(field);
        let mut versions = Vec::with_capacity(ids.len());
        for id in &ids {
            versions.push(tx.get::<version::Entity>(*id).await?.ok_or_else(missing)?);
        }
        // In one order everywhere, so that two transactions do not wait for each other.
        let documents: BTreeSet<_> = versions.iter().map(|version| version.document_id).collect();
        if documents.len() < versions.len() {
            return Err(UserError::invalid(field, "must not have two versions of a document").into());
        }
        for document in documents {
            tx.visible::<document::Entity>(document, field).await?;
        }
        if versions.iter().any(|version| version.status != Status::Ready) {
            return Err(UserError::conflict("The upload of this version is not complete. Complete it first.").into());
        }
        Ok(Self { rows: versions, field })
    }

    /// Fails unless all versions are of this dossier.
    pub fn require_of(&self, dossier: &client::Model) -> Result<(), UserError> {
        if self.rows.iter().all(|version| version.client_id == dossier.id) {
            Ok(())
        } else {
            Err(UserError::invalid(self.field, "must be a version of a document in the same dossier"))
        }
    }

    /// Returns the first version.
    pub fn first(&self) -> Option<Uuid> {
        self.rows.first().map(|version| version.id)
    }

    /// Returns these versions, but of one document another version.
    pub fn with(mut self, version: &version::Model) -> Self {
        for other in &mut self.rows {
            if other.document_id == version.document_id {
                other.clone_from(version);
            }
        }
        self
    }

    /// Returns the number of the version of a document.
    pub fn number_of(&self, document: Uuid) -> Option<i32> {
        self.rows.iter().find(|version| version.document_id == document).map(|version| version.number)
    }

    /// Returns whether one of the versions has the same bytes.
    pub fn contains_bytes_of(&self, version: &version::Model) -> bool {
        self.rows.iter().any(|other| other.document_id == version.document_id && other.sha256 == version.sha256)
    }

    /// Inserts the versions as those of the request's round.
    pub async fn insert(&self, tx: &WriteTx, request: &Allowed<Entity>) -> Result<(), Error> {
        for (version, position) in self.rows.iter().zip(1..) {
            let row = Model {
                id: tx.new_id(),
                organization_id: request.organization_id,
                client_id: request.client_id,
                request_id: request.id,
                round_id: request.round_id,
                position,
                document_id: version.document_id,
                document_version_id: version.id,
                sha256: version.sha256.clone(),
            };
            tx.insert_part(request, row).await?;
        }
        Ok(())
    }
}

/// Returns the versions of a request's round, also those that the viewer does not see: they stay in the next round. A
/// process of an earlier version may have stored only the first one.
pub async fn versions_of_round(tx: &ReadTx, request: &request::Model) -> Result<Versions, Error> {
    let rows = versions(tx, request.round_id).await?;
    let mut ids: Vec<_> = rows.into_iter().map(|row| row.document_version_id).collect();
    if ids.is_empty() {
        ids.extend(request.document_version_id);
    }
    let rows = tx.find_whole::<version::Entity>()?.filter(version::Column::Id.is_in(ids.iter().copied())).all().await?;
    let mut rows: BTreeMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let rows = ids.iter().filter_map(|id| rows.remove(id)).collect();
    Ok(Versions { rows, field: VersionIds::default().field })
}

/// Returns the versions of a round, in order. One statement reads those of several rounds.
pub async fn versions(tx: &ReadTx, round: Uuid) -> Result<Vec<Model>, Error> {
    let order = Order { column: Some(Column::Position), id: Column::Id, descending: false };
    let slice = Slice::new(order, Arguments { first: i32::try_from(MAX_VERSIONS).ok(), ..Arguments::default() })?;
    Ok(tx.find::<Row>().page_of(Column::RoundId, round, slice).await?.rows)
}

/// Returns the newest version of a document that the viewer sees and that a visible request has approved.
pub async fn approved_version(tx: &ReadTx, document: Uuid) -> Result<Option<Model>, Error> {
    let organization = tx.organization()?;
    let approved = Query::select()
        .column(request::Column::RoundId)
        .from(request::Entity)
        .and_where(request::Column::OrganizationId.into_expr().eq(organization))
        .and_where(request::Column::Id.into_expr().eq(Column::RequestId.into_expr()))
        .and_where(request::Column::Status.eq(request::Status::Approved))
        .take();
    let order = Order { column: Some(Column::DocumentVersionId), id: Column::Id, descending: true };
    let slice = Slice::new(order, Arguments { first: Some(1), ..Arguments::default() })?;
    let visible = version::Entity::visible_to(&tx.viewer);
    let same = version::Column::Id.into_expr().eq(Column::DocumentVersionId.into_expr());
    let visible =
        Query::select().column(version::Column::Id).from(version::Entity).cond_where(visible.add(same)).take();
    let rows = tx.find::<Row>().filter(Column::RoundId.in_subquery(approved)).filter(Expr::exists(visible));
    Ok(rows.page_of(Column::DocumentId, document, slice).await?.rows.pop())
}

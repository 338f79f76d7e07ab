//! Documents and their versions: by zone, and for the client by publication.

use super::{ActionPolicy, Lookup, ResourceScope, RowPolicy, in_organization, is_one_of, parent_is_visible, reach};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{
    document::{Column, Entity, Model, Status, Zone},
    document_version as version, validation_version as in_requests,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, QueryFilter, sea_query::ExprTrait};
use uuid::Uuid;

/// What a zone is to those who do not decide for the agency.
struct ZoneRule {
    staff_see: bool,
    client_sees: bool,
    client_adds: bool,
}

const fn zone_rule(zone: Zone) -> ZoneRule {
    let (staff_see, client_sees, client_adds) = match zone {
        Zone::Private => (false, false, false),
        Zone::Documents | Zone::Assets => (true, true, true),
        Zone::Visios | Zone::Chat => (true, true, false),
        Zone::Invoices => (false, true, false),
    };
    ZoneRule { staff_see, client_sees, client_adds }
}

/// The zones of which a member sees nothing.
pub fn hidden_zones(grant: Grant) -> Vec<Zone> {
    let sees = |zone: &Zone| match grant {
        Grant::Owner | Grant::Operator | Grant::Manager => true,
        Grant::Staff => zone_rule(*zone).staff_see,
        Grant::Client { .. } => zone_rule(*zone).client_sees,
    };
    Zone::iter().filter(|zone| !sees(zone)).collect()
}

fn rule(viewer: &Viewer, lookup: Lookup) -> Condition {
    in_organization(viewer, Column::OrganizationId, |member| {
        let rule = reach(member, Column::ClientId, lookup);
        let hidden = hidden_zones(member.grant);
        let in_zone = || Column::Zone.is_not_in(hidden.iter().copied());
        match member.grant {
            Grant::Owner | Grant::Operator | Grant::Manager => rule,
            Grant::Staff => {
                rule.add(in_zone()).add(live_or(own_trash(member).add(Column::PublishedVersionId.is_null())))
            }
            Grant::Client { .. } => {
                let own_upload = Column::UploaderId.eq(member.user).and(Column::Status.ne(Status::Ready));
                rule.add(in_zone())
                    .add(Condition::any().add(Column::PublishedVersionId.is_not_null()).add(own_upload))
                    .add(live_or(own_trash(member)))
            }
        }
    })
}

/// The documents in the trash that the member uploaded. They may restore those that they may delete.
fn own_trash(member: &Member) -> Condition {
    Condition::all().add(Column::UploaderId.eq(member.user)).add(Column::PurgedAt.is_null())
}

/// The documents that are not deleted, and these.
fn live_or(deleted: Condition) -> Condition {
    Condition::any().add(Column::DeletedAt.is_null()).add(deleted)
}

impl RowPolicy for Entity {
    const READ: Option<Scope> = Some(Scope::DocumentsRead);
    const WRITE: &'static [Scope] = &[Scope::DocumentsWrite];

    fn row_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByRow)
    }

    fn list_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByDossier)
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }

    fn live() -> Option<Condition> {
        Some(Column::DeletedAt.is_null().into())
    }

    fn trash() -> Condition {
        Condition::all().add(Column::DeletedAt.is_not_null()).add(Column::PurgedAt.is_null())
    }
}

impl RowPolicy for version::Entity {
    const READ: Option<Scope> = Some(Scope::DocumentsRead);
    const WRITE: &'static [Scope] = &[Scope::DocumentsWrite];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, version::Column::OrganizationId, |member| {
            let of_document = parent_is_visible::<Entity, _>(viewer, version::Column::DocumentId, Column::Id);
            match member.grant {
                Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => of_document,
                Grant::Client { client } => of_document.add(
                    Condition::any()
                        .add(is_one_of(
                            version::Column::DocumentId,
                            Entity::find()
                                .filter(Column::OrganizationId.eq(member.organization))
                                .filter(Column::ClientId.eq(client))
                                .filter(Column::PublishedVersionId.into_expr().eq(version::Column::Id.into_expr())),
                            Column::Id,
                        ))
                        .add(
                            Condition::all()
                                .add(version::Column::UploaderId.eq(member.user))
                                .add(version::Column::Status.ne(Status::Ready)),
                        ),
                ),
            }
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }

    /// An upload that ended is gone. The versions of a deleted document stay on record: what was decided names them.
    fn live() -> Option<Condition> {
        let complete = version::Column::Status.eq(Status::Ready);
        Some(Condition::any().add(version::Column::DiscardedAt.is_null()).add(complete))
    }
}

/// The versions that any validation request of the organization is or was about.
pub fn versions_in_requests(organization: Uuid) -> Condition {
    let rows = in_requests::Entity::find().filter(in_requests::Column::OrganizationId.eq(organization));
    Condition::all().add(is_one_of(version::Column::Id, rows, in_requests::Column::DocumentVersionId))
}

/// The documents with a version that any validation request of the organization is about.
pub fn documents_in_requests(organization: Uuid) -> Condition {
    let versions = version::Entity::find().filter(version::Column::OrganizationId.eq(organization));
    let versions = versions.filter(versions_in_requests(organization));
    Condition::all().add(is_one_of(Column::Id, versions, version::Column::DocumentId))
}

/// The versions whose documents are in this zone of the organization.
pub fn versions_in_zone(organization: Uuid, zone: Zone) -> Condition {
    let documents = Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Zone.eq(zone));
    Condition::all().add(is_one_of(version::Column::DocumentId, documents, Column::Id))
}

/// What is done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentAction {
    /// Put a new document, or a new version of one, into its zone.
    Upload,
    /// Show to the client, hide, move, rename.
    Manage,
    /// Move to the trash, and take out of it.
    Delete,
    /// Remove from the trash for good.
    Purge,
    /// Complete or cancel an upload to it. The rule of the upload says who may.
    EndUpload,
}

impl ActionPolicy for Entity {
    type Action = DocumentAction;

    fn scope(_: DocumentAction) -> Scope {
        Scope::DocumentsWrite
    }

    fn may(member: &Member, action: DocumentAction, row: &Model) -> bool {
        let own = row.uploader_id == Some(member.user);
        match (member.grant, action) {
            (grant, DocumentAction::Purge) => grant == Grant::Owner,
            (Grant::Owner | Grant::Operator | Grant::Manager, _) | (_, DocumentAction::EndUpload) => true,
            (Grant::Staff, DocumentAction::Upload) => zone_rule(row.zone).staff_see,
            (Grant::Staff, DocumentAction::Delete) => own && row.published_version_id.is_none(),
            (Grant::Client { client }, DocumentAction::Upload) => {
                own && row.client_id == client && zone_rule(row.zone).client_adds
            }
            (Grant::Client { .. }, DocumentAction::Delete) => own,
            (Grant::Staff | Grant::Client { .. }, DocumentAction::Manage) => false,
        }
    }

    fn denial(action: DocumentAction) -> &'static str {
        match action {
            DocumentAction::Upload => "Your role may not upload to this zone.",
            DocumentAction::EndUpload => "Your role may not complete or cancel this upload.",
            DocumentAction::Manage => "Your role may not publish, hide, move or rename documents.",
            DocumentAction::Delete => {
                "Your role may delete and restore only documents that you uploaded yourself. Staff may do this only while \
                 they are hidden."
            }
            DocumentAction::Purge => "Only owners may purge documents.",
        }
    }
}

/// The actions on an upload that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadAction {
    /// Say that all bytes are sent.
    Complete,
    /// End it without its bytes.
    Cancel,
    /// Make a complete version the newest again. The rule of the document says who else may not.
    Restore,
}

impl ActionPolicy for version::Entity {
    type Action = UploadAction;

    fn scope(_: UploadAction) -> Scope {
        Scope::DocumentsWrite
    }

    fn may(member: &Member, action: UploadAction, row: &version::Model) -> bool {
        match action {
            UploadAction::Complete | UploadAction::Cancel => {
                row.uploader_id == Some(member.user) || member.grant.decides()
            }
            UploadAction::Restore => !member.grant.is_client(),
        }
    }

    fn denial(action: UploadAction) -> &'static str {
        match action {
            UploadAction::Complete => "Your role may complete only uploads that you requested yourself.",
            UploadAction::Cancel => "Your role may cancel only uploads that you requested yourself.",
            UploadAction::Restore => "Your role may not restore versions. Upload a new version instead.",
        }
    }
}

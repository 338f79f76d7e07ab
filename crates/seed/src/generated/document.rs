//! Generates documents and their versions, which are uploaded, published and sometimes deleted.

use super::{
    story::Story,
    words::{FILES, File},
};
use chrono::{DateTime, Utc};
use dossier_core::viewer::Actor;
use dossier_data::DomainEvent;
use dossier_domain::{check, upload};
use entities::{
    document::{Model, Status, Zone},
    document_version as version,
    event::{ActorKind, Kind},
};

impl Story<'_> {
    pub(super) fn documents(&mut self, count: u32) {
        for number in 0..count {
            // In turn, so that each zone has documents.
            let turn = number as usize + self.turn as usize;
            let file = &FILES[turn % FILES.len()];
            let round = number as usize / FILES.len();
            let name = match round {
                0 => format!("{}.{}", file.stem, file.extension),
                _ => format!("{} ({}).{}", file.stem, round + 1, file.extension),
            };
            let row = self.document(file, name);
            self.rows.documents.push(row);
        }
    }

    fn document(&mut self, file: &File, name: String) -> Model {
        let at = self.some_time();
        let uploader = self.uploader(file.zone);
        let row = Model {
            id: self.random.id(at),
            organization_id: self.dossier.organization_id,
            client_id: self.dossier.id,
            zone: file.zone,
            name_key: check::sort_key(&name),
            name,
            status: Status::Pending,
            published_version_id: None,
            uploader_id: uploader.user,
            uploader_name: uploader.name.clone(),
            uploader_kind: uploader.kind,
            revision: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
            purged_at: None,
            deleter_id: None,
            deleter_name: None,
            deleter_kind: None,
        };
        if self.random.percent(4) {
            // The upload is never completed.
            self.announce(&row, file, 1, &uploader, Status::Pending);
            return row;
        }
        let row = self.upload(&row, file, 1, &uploader);
        self.continue_life(row, file)
    }

    /// Publishes the document, and perhaps uploads a second version or deletes it.
    fn continue_life(&mut self, mut row: Model, file: &File) -> Model {
        if row.zone != Zone::Private && self.random.percent(60) {
            row = self.publish(row);
        }
        if self.random.percent(35) {
            let agent = self.agent(row.zone);
            row = self.upload(&row, file, 2, &agent);
            if row.published_version_id.is_some() && self.random.percent(50) {
                row = self.publish(row);
            }
        }
        if self.random.percent(3) { self.delete(row) } else { row }
    }

    /// Announces a version and completes it. A client's upload is visible at once.
    fn upload(&mut self, before: &Model, file: &File, number: i32, uploader: &Actor) -> Model {
        let version = self.announce(before, file, number, uploader, Status::Ready);
        let (id, announced) = (version.id, version.created_at);
        let mut after = Model { status: Status::Ready, ..before.clone() };
        if uploader.kind == ActorKind::Client {
            after.published_version_id = Some(id);
        }
        let at = self.later(announced);
        self.update_document(before, after, at, uploader, Kind::DocumentUploaded)
    }

    fn announce(&mut self, row: &Model, file: &File, number: i32, uploader: &Actor, status: Status) -> version::Model {
        let (kind, first) = (Kind::DocumentUploadRequested, number == 1);
        let at = if first { row.created_at } else { self.later(row.updated_at) };
        let id = self.random.id(at);
        let size = file.kibibytes * 1024;
        let version = version::Model {
            id,
            organization_id: row.organization_id,
            client_id: row.client_id,
            document_id: row.id,
            number,
            status,
            failure_reason: None,
            storage_key: upload::key(row, id),
            upload_id: None,
            content_type: file.media_type.to_owned(),
            size: (size / 2 + self.random.below(size)).cast_signed(),
            sha256: self.random.sha256(),
            uploader_id: uploader.user,
            uploader_name: uploader.name.clone(),
            uploader_kind: uploader.kind,
            created_at: at,
            discarded_at: None,
            released_at: None,
            sweep_at: None,
            recognized_type: None,
            restored_from: None,
            preview: Some(if has_preview(file) { version::Preview::Jpeg } else { version::Preview::None }),
        };
        self.rows.versions.push(version.clone());
        if first {
            self.added(at, uploader, kind, row);
        } else {
            self.changed(at, uploader, kind, row, row);
        }
        version
    }

    fn publish(&mut self, before: Model) -> Model {
        let newest = self.rows.versions.iter().rev().find(|version| version.document_id == before.id);
        let after = Model { published_version_id: newest.map(|version| version.id), ..before.clone() };
        if after == before {
            return before;
        }
        let decider = self.decider().actor;
        let at = self.later(before.updated_at);
        self.update_document(&before, after, at, &decider, Kind::DocumentPublished)
    }

    fn delete(&mut self, before: Model) -> Model {
        let at = self.later(before.updated_at);
        let decider = self.decider().actor;
        self.add_event(at, &decider, DomainEvent::removed(Kind::DocumentDeleted, &self.dossier, &before));
        Model {
            deleted_at: Some(at),
            updated_at: at,
            deleter_id: decider.user,
            deleter_name: Some(decider.name),
            deleter_kind: Some(decider.kind),
            ..before
        }
    }

    fn update_document(&mut self, before: &Model, after: Model, at: DateTime<Utc>, actor: &Actor, kind: Kind) -> Model {
        let after = Model { revision: before.revision + 1, updated_at: at, ..after };
        self.changed(at, actor, kind, before, &after);
        after
    }

    fn uploader(&mut self, zone: Zone) -> Actor {
        let from_client = matches!(zone, Zone::Documents | Zone::Assets) && self.random.percent(50);
        match &self.client {
            Some(client) if from_client => client.clone(),
            _ => self.agent(zone),
        }
    }

    /// Chooses a member of the agency who may upload to the zone.
    fn agent(&mut self, zone: Zone) -> Actor {
        match zone {
            Zone::Private | Zone::Invoices => self.decider().actor,
            Zone::Documents | Zone::Visios | Zone::Chat | Zone::Assets => self.colleague(),
        }
    }
}

/// Returns whether Dossier makes previews of files of this type.
fn has_preview(file: &File) -> bool {
    file.media_type.starts_with("image/") || file.media_type == "application/pdf"
}

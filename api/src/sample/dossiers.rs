//! What the sample's dossiers hold, besides money.

use super::{files, stage::Stage};
use dossier_core::error::BoxError;
use dossier_data::DomainEvent;
use dossier_domain::{
    client::{self, NewClient},
    conversation::{self, NewConversation, NewMessage},
    document,
    validation::{self, Grounds, NewRequest, Target, Verdict},
};
use entities::{
    client::{self as clients, Status, Track},
    conversation as conversations,
    document::Zone,
    event::{ActorKind, Kind},
    message,
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// The dossiers that are billed.
pub struct Clients {
    pub martin: Uuid,
    pub durand: Uuid,
    pub quai: Uuid,
}

const TRANSCRIPT: &str = "WEBVTT\n\n00:00.000 --> 00:00.400\n<v Olivier>Bonjour Julien, on vous entend très bien.\n\n\
    00:00.400 --> 00:01.000\n<v Julien>Bonjour ! Je voudrais vendre le pain en ligne avant Noël.\n";

const BRIEF: &str = "# Brief\n\n- Une boutique en ligne simple, avec retrait au fournil\n- Les commandes avant 18 h pour le \
    lendemain\n- Les photos sont dans le dossier « ASSETS »\n\nÀ livrer avant le 1er décembre.\n";

const NOTES: &str =
    "# Notes internes\n\nBudget serré : proposer deux lots. Ne pas oublier la reprise du nom de domaine.\n";

/// Fills the dossiers.
pub async fn open(stage: &Stage<'_>) -> Result<Clients, BoxError> {
    let cast = stage.cast;
    martin(stage).await?;
    durand(stage).await?;
    let quai = others(stage).await?;
    Ok(Clients { martin: cast.martin, durand: cast.durand, quai })
}

async fn martin(stage: &Stage<'_>) -> Result<(), BoxError> {
    let Stage { hands, cast, .. } = stage;
    let (olivier, maud, julien) = (&cast.olivier.credentials, &cast.maud.credentials, &cast.julien.credentials);
    let client = cast.martin;
    hands.set(60);
    stage.upload(julien, client, Zone::Documents, files::text("brief.md", "text/markdown", BRIEF)).await?;
    stage.upload(julien, client, Zone::Assets, files::logo("logo.png", [178, 84, 32])).await?;
    stage.upload(olivier, client, Zone::Private, files::text("notes.md", "text/markdown", NOTES)).await?;
    hands.set(55);
    let recording = stage.upload(maud, client, Zone::Visios, files::recording("visio-de-cadrage.wav")).await?;
    let transcript = files::text("visio-de-cadrage.vtt", "text/vtt", TRANSCRIPT);
    let transcript = stage.upload(maud, client, Zone::Visios, transcript).await?;
    for id in [recording, transcript] {
        publish(stage, id).await?;
    }
    let thread = talk(
        stage,
        client,
        "Mise en ligne de la boutique",
        "Bonjour, est-ce que la boutique sera prête pour Noël ?",
        &[
            "Bonjour Julien ! La maquette est prévue pour la semaine prochaine ; la mise en ligne suit trois semaines après.",
            "Vous pourrez la valider ici même, dans votre espace.",
        ],
    )
    .await?;
    post(stage, thread, "Attention aux délais : Julien part en congé le 20.", true).await?;
    hands.set(30);
    let mockup = |name, line| {
        files::pdf(name, "Boutique en ligne : maquette", &["Atelier Lumen, pour la Boulangerie Martin", line])
    };
    let document = stage.upload(olivier, client, Zone::Documents, mockup("maquette.pdf", "Première version")).await?;
    let request = submit(stage, client, "Maquette de la boutique", Some(stage.newest(document).await?)).await?;
    let grounds = Grounds {
        reason: Some("Le bouton « Commander » doit rester visible sur téléphone.".into()),
        internal_note: Some("Vérifier aussi le contraste.".into()),
    };
    decide(stage, request, Verdict::RequestChanges, grounds).await?;
    hands.set(22);
    stage.upload_version(olivier, document, mockup("maquette.pdf", "Seconde version : bouton fixe")).await?;
    let version = Some(stage.newest(document).await?);
    stage.act(olivier, |tx| Box::pin(validation::resubmit(tx, target(request), version))).await?;
    decide(stage, request, Verdict::Approve, Grounds { reason: Some("Parfait.".into()), internal_note: None }).await?;
    stage.act(maud, |tx| Box::pin(validation::share(tx, target(request)))).await?;
    publish(stage, document).await?;
    hands.set(2);
    stage.upload_version(olivier, document, mockup("maquette.pdf", "Troisième version : en cours")).await?;
    submit(stage, client, "Textes de la page d’accueil", None).await?;
    Ok(())
}

async fn durand(stage: &Stage<'_>) -> Result<(), BoxError> {
    let Stage { hands, cast, .. } = stage;
    let (samir, ines) = (&cast.samir.credentials, &cast.ines.credentials);
    let client = cast.durand;
    hands.set(40);
    stage.upload(ines, client, Zone::Assets, files::logo("studio-durand.png", [42, 96, 150])).await?;
    let chat =
        files::text("2026-échanges.md", "text/markdown", "# Échanges\n\nExport de la conversation « Portfolio ».\n");
    stage.upload(samir, client, Zone::Chat, chat).await?;
    let charter = files::pdf("charte.pdf", "Charte graphique", &["Studio Durand", "Bleu, gris clair, beaucoup d’air"]);
    let charter = stage.upload(samir, client, Zone::Documents, charter).await?;
    publish(stage, charter).await?;
    hands.set(12);
    let thread = talk(
        stage,
        client,
        "Portfolio",
        "Puis-je ajouter moi-même des images au portfolio ?",
        &["Oui : déposez-les dans vos documents, nous les mettons en page sous deux jours."],
    )
    .await?;
    stage.act(&cast.olivier.credentials, |tx| Box::pin(conversation::close(tx, thread, None))).await?;
    hands.set(3);
    let photo = stage.upload(ines, client, Zone::Documents, files::logo("portrait.png", [120, 120, 120])).await?;
    let new = NewRequest {
        client,
        title: "Portrait pour la page « À propos »".into(),
        description: Some("Est-ce que cette photo convient ?".into()),
        version: Some(stage.newest(photo).await?),
    };
    stage.act(ines, |tx| Box::pin(validation::submit(tx, new))).await?;
    Ok(())
}

/// The dossiers without a portal.
async fn others(stage: &Stage<'_>) -> Result<Uuid, BoxError> {
    let cast = stage.cast;
    let lefevre = create(stage, "Cabinet Lefèvre", Track::Lab, Status::Prospect, Some(cast.paris)).await?;
    let study = files::pdf("étude.pdf", "Étude préalable", &["Trois pistes pour le site du cabinet"]);
    let study = stage.upload(&cast.maud.credentials, lefevre, Zone::Private, study).await?;
    let request = submit(stage, lefevre, "Étude préalable", Some(stage.newest(study).await?)).await?;
    let grounds = Grounds { reason: Some("Trop tôt : rappeler en janvier.".into()), internal_note: None };
    decide(stage, request, Verdict::Reject, grounds).await?;
    create(stage, "Les Jardins d’Émile", Track::Lab, Status::Paused, Some(cast.lyon)).await?;
    let quai = create(stage, "Éditions du Quai", Track::One, Status::Active, None).await?;
    let moreau = create(stage, "Garage Moreau", Track::One, Status::Active, Some(cast.lyon)).await?;
    stage.act(&cast.olivier.credentials, |tx| Box::pin(client::archive(tx, moreau, None))).await?;
    Ok(quai)
}

async fn create(
    stage: &Stage<'_>,
    name: &str,
    track: Track,
    status: Status,
    site: Option<Uuid>,
) -> Result<Uuid, BoxError> {
    stage.hands.set(20);
    let new = NewClient {
        name: name.into(),
        email: None,
        phone: None,
        billing_address: Some("3, quai de la Pêcherie\n69001 Lyon".into()),
        track,
        status,
        site,
        internal_notes: None,
    };
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(client::create(tx, new))).await
}

async fn publish(stage: &Stage<'_>, id: Uuid) -> Result<Uuid, BoxError> {
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(document::publish(tx, id, None, None))).await
}

async fn submit(stage: &Stage<'_>, client: Uuid, title: &str, version: Option<Uuid>) -> Result<Uuid, BoxError> {
    let new = NewRequest { client, title: title.into(), description: None, version };
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(validation::submit(tx, new))).await
}

async fn decide(stage: &Stage<'_>, request: Uuid, verdict: Verdict, grounds: Grounds) -> Result<Uuid, BoxError> {
    let maud = &stage.cast.maud.credentials;
    stage.act(maud, |tx| Box::pin(validation::decide(tx, target(request), verdict, grounds))).await
}

fn target(id: Uuid) -> Target {
    Target { id, expected: None }
}

async fn post(stage: &Stage<'_>, conversation: Uuid, body: &str, internal: bool) -> Result<Uuid, BoxError> {
    let new = NewMessage { conversation, body: body.into(), internal };
    stage.act(&stage.cast.olivier.credentials, |tx| Box::pin(conversation::post(tx, new))).await
}

/// A client asks, Élio answers, and makes something of it for the agency.
async fn talk(
    stage: &Stage<'_>,
    client: Uuid,
    subject: &str,
    question: &str,
    answers: &[&str],
) -> Result<Uuid, BoxError> {
    let cast = stage.cast;
    let who = if client == cast.martin { &cast.julien } else { &cast.ines };
    let new = NewConversation { client, subject: subject.into(), body: Some(question.into()) };
    let id = stage.act(&who.credentials, |tx| Box::pin(conversation::start(tx, new))).await?;
    let tx = stage.system().await?;
    let dossier = tx.seen::<clients::Entity>(client, "client").await?;
    let thread = tx.find::<conversations::Entity>().filter(conversations::Column::Id.eq(id)).one().await?;
    let thread = thread.ok_or("a conversation was started and is not there")?;
    for answer in answers {
        let row = message::Model {
            id: tx.new_id(),
            organization_id: dossier.organization_id,
            client_id: client,
            conversation_id: id,
            author_kind: ActorKind::Assistant,
            author_id: None,
            author_name: "Élio".into(),
            body: (*answer).into(),
            internal: false,
            created_at: tx.now,
        };
        let row = tx.insert(row).await?;
        tx.record(DomainEvent::added(Kind::MessagePosted, &dossier, &row));
    }
    let analysis = Some("Client attentif aux délais ; ton cordial. Aucune objection sur le prix.".into());
    tx.update(&thread, conversations::Model { analysis, ..thread.clone() }).await?;
    tx.commit().await?;
    Ok(id)
}

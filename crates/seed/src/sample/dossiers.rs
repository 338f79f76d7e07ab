//! The content of the sample's dossiers, without bills.

use super::{builder::SampleBuilder, files};
use dossier_core::error::BoxError;
use dossier_data::DomainEvent;
use dossier_domain::{
    client::{self, NewClient},
    conversation::{self, NewConversation, NewMessage},
    document,
    validation::{self, Grounds, NewRequest, Target, Verdict, VersionIds},
};
use dossier_policy::ConversationAction;
use entities::{
    client::{self as clients, Status, Track},
    conversation as conversations,
    document::Zone,
    event::{ActorKind, Kind},
    message,
};
use sea_orm::ColumnTrait;
use uuid::Uuid;

/// The dossiers that get bills.
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

/// Creates the dossiers and their content.
pub async fn open(builder: &SampleBuilder<'_>) -> Result<Clients, BoxError> {
    let people = builder.people;
    martin(builder).await?;
    durand(builder).await?;
    let quai = others(builder).await?;
    Ok(Clients { martin: people.martin, durand: people.durand, quai })
}

async fn martin(builder: &SampleBuilder<'_>) -> Result<(), BoxError> {
    let SampleBuilder { clock, people, .. } = builder;
    let (olivier, maud, julien) = (&people.olivier.credentials, &people.maud.credentials, &people.julien.credentials);
    let client = people.martin;
    clock.set(60);
    builder.upload(julien, client, Zone::Documents, files::text("brief.md", "text/markdown", BRIEF)).await?;
    builder.upload(julien, client, Zone::Assets, files::logo("logo.png", [178, 84, 32])).await?;
    builder.upload(olivier, client, Zone::Private, files::text("notes.md", "text/markdown", NOTES)).await?;
    clock.set(55);
    let recording = builder.upload(maud, client, Zone::Visios, files::recording("visio-de-cadrage.wav")).await?;
    let transcript = files::text("visio-de-cadrage.vtt", "text/vtt", TRANSCRIPT);
    let transcript = builder.upload(maud, client, Zone::Visios, transcript).await?;
    for id in [recording, transcript] {
        publish(builder, id).await?;
    }
    let thread = add_conversation(
        builder,
        client,
        "Mise en ligne de la boutique",
        "Bonjour, est-ce que la boutique sera prête pour Noël ?",
        &[
            "Bonjour Julien ! La maquette est prévue pour la semaine prochaine ; la mise en ligne suit trois semaines après.",
            "Vous pourrez la valider ici même, dans votre espace.",
        ],
    )
    .await?;
    post(builder, thread, "Attention aux délais : Julien part en congé le 20.", true).await?;
    clock.set(30);
    let mockup = |name, line| {
        files::pdf(name, "Boutique en ligne : maquette", &["Atelier Lumen, pour la Boulangerie Martin", line])
    };
    let document = builder.upload(olivier, client, Zone::Documents, mockup("maquette.pdf", "Première version")).await?;
    let request = submit(builder, client, "Maquette de la boutique", Some(builder.newest(document).await?)).await?;
    let grounds = Grounds {
        reason: Some("Le bouton « Commander » doit rester visible sur téléphone.".into()),
        internal_note: Some("Vérifier aussi le contraste.".into()),
    };
    decide(builder, request, Verdict::RequestChanges, grounds).await?;
    clock.set(22);
    builder.upload_version(olivier, document, mockup("maquette.pdf", "Seconde version : bouton fixe")).await?;
    let versions = Some(VersionIds::several(vec![builder.newest(document).await?]));
    builder.act(olivier, |tx| Box::pin(validation::resubmit(tx, target(request), versions))).await?;
    decide(builder, request, Verdict::Approve, Grounds { reason: Some("Parfait.".into()), internal_note: None })
        .await?;
    builder.act(maud, |tx| Box::pin(validation::share(tx, target(request)))).await?;
    publish(builder, document).await?;
    clock.set(2);
    builder.upload_version(olivier, document, mockup("maquette.pdf", "Troisième version : en cours")).await?;
    submit(builder, client, "Textes de la page d’accueil", None).await?;
    Ok(())
}

async fn durand(builder: &SampleBuilder<'_>) -> Result<(), BoxError> {
    let SampleBuilder { clock, people, .. } = builder;
    let (samir, ines) = (&people.samir.credentials, &people.ines.credentials);
    let client = people.durand;
    clock.set(40);
    builder.upload(ines, client, Zone::Assets, files::logo("studio-durand.png", [42, 96, 150])).await?;
    let chat =
        files::text("2026-échanges.md", "text/markdown", "# Échanges\n\nExport de la conversation « Portfolio ».\n");
    builder.upload(samir, client, Zone::Chat, chat).await?;
    let charter = files::pdf("charte.pdf", "Charte graphique", &["Studio Durand", "Bleu, gris clair, beaucoup d’air"]);
    let charter = builder.upload(samir, client, Zone::Documents, charter).await?;
    publish(builder, charter).await?;
    clock.set(12);
    let thread = add_conversation(
        builder,
        client,
        "Portfolio",
        "Puis-je ajouter moi-même des images au portfolio ?",
        &["Oui : déposez-les dans vos documents, nous les mettons en page sous deux jours."],
    )
    .await?;
    builder.act(&people.olivier.credentials, |tx| Box::pin(conversation::close(tx, thread, None))).await?;
    clock.set(3);
    let photo = builder.upload(ines, client, Zone::Documents, files::logo("portrait.png", [120, 120, 120])).await?;
    let new = NewRequest {
        client,
        title: "Portrait pour la page « À propos »".into(),
        description: Some("Est-ce que cette photo convient ?".into()),
        versions: VersionIds::several(vec![builder.newest(photo).await?]),
        ..NewRequest::default()
    };
    builder.act(ines, |tx| Box::pin(validation::submit(tx, new))).await?;
    Ok(())
}

/// Creates the dossiers whose clients cannot sign in.
async fn others(builder: &SampleBuilder<'_>) -> Result<Uuid, BoxError> {
    let people = builder.people;
    let lefevre = create(builder, "Cabinet Lefèvre", Track::Lab, Status::Prospect, Some(people.paris)).await?;
    let study = files::pdf("étude.pdf", "Étude préalable", &["Trois pistes pour le site du cabinet"]);
    let study = builder.upload(&people.maud.credentials, lefevre, Zone::Private, study).await?;
    let request = submit(builder, lefevre, "Étude préalable", Some(builder.newest(study).await?)).await?;
    let grounds = Grounds { reason: Some("Trop tôt : rappeler en janvier.".into()), internal_note: None };
    decide(builder, request, Verdict::Reject, grounds).await?;
    create(builder, "Les Jardins d’Émile", Track::Lab, Status::Paused, Some(people.lyon)).await?;
    let quai = create(builder, "Éditions du Quai", Track::One, Status::Active, None).await?;
    let moreau = create(builder, "Garage Moreau", Track::One, Status::Active, Some(people.lyon)).await?;
    builder.act(&people.olivier.credentials, |tx| Box::pin(client::archive(tx, moreau, None))).await?;
    Ok(quai)
}

async fn create(
    builder: &SampleBuilder<'_>,
    name: &str,
    track: Track,
    status: Status,
    site: Option<Uuid>,
) -> Result<Uuid, BoxError> {
    builder.clock.set(20);
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
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(client::create(tx, new))).await
}

async fn publish(builder: &SampleBuilder<'_>, id: Uuid) -> Result<Uuid, BoxError> {
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(document::publish(tx, id, None, None))).await
}

async fn submit(
    builder: &SampleBuilder<'_>,
    client: Uuid,
    title: &str,
    version: Option<Uuid>,
) -> Result<Uuid, BoxError> {
    let versions = VersionIds::several(version.into_iter().collect());
    let new = NewRequest { client, title: title.into(), versions, ..NewRequest::default() };
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(validation::submit(tx, new))).await
}

async fn decide(
    builder: &SampleBuilder<'_>,
    request: Uuid,
    verdict: Verdict,
    grounds: Grounds,
) -> Result<Uuid, BoxError> {
    let maud = &builder.people.maud.credentials;
    builder.act(maud, |tx| Box::pin(validation::decide(tx, target(request), verdict, grounds))).await
}

fn target(id: Uuid) -> Target {
    Target { id, expected: None }
}

async fn post(builder: &SampleBuilder<'_>, conversation: Uuid, body: &str, internal: bool) -> Result<Uuid, BoxError> {
    let new = NewMessage { conversation, body: body.into(), internal };
    builder.act(&builder.people.olivier.credentials, |tx| Box::pin(conversation::post(tx, new))).await
}

/// Creates a conversation: a client asks, and Élio answers and analyses it for the agency.
async fn add_conversation(
    builder: &SampleBuilder<'_>,
    client: Uuid,
    subject: &str,
    question: &str,
    answers: &[&str],
) -> Result<Uuid, BoxError> {
    let people = builder.people;
    let who = if client == people.martin { &people.julien } else { &people.ines };
    let new = NewConversation { client, subject: subject.into(), body: Some(question.into()) };
    let id = builder.act(&who.credentials, |tx| Box::pin(conversation::start(tx, new))).await?;
    let tx = builder.system().await?;
    let dossier = tx.visible::<clients::Entity>(client, "client").await?;
    let thread = tx.find::<conversations::Entity>().filter(conversations::Column::Id.eq(id)).one().await?;
    let thread = thread.ok_or("a conversation was started and is not there")?;
    let mut thread = tx.authorize_row::<conversations::Entity>(ConversationAction::Post, thread)?;
    let analysis: Option<String> =
        Some("Client attentif aux délais ; ton cordial. Aucune objection sur le prix.".into());
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
            edited_at: None,
            deleted_at: None,
        };
        let event = DomainEvent::added(Kind::MessagePosted, &dossier, &row);
        thread =
            tx.update(&thread, conversations::Model { analysis: analysis.clone(), ..thread.clone() }, event).await?;
        tx.insert_part(&thread, row).await?;
    }
    tx.commit().await?;
    Ok(id)
}

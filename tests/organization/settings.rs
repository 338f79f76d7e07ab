use crate::support::{World, fixtures::client, json};
use dossier::graphql::id;

const SETTINGS: &str = "organization { name legalName address registrationNumber vatNumber legalNotice locale timeZone \
                        fourEyes eventDays accentColor revision }";

#[tokio::test]
async fn an_owner_changes_the_settings_and_nobody_else_does() {
    let world = World::new().await;
    let input = json!({
        "name": "Atelier Lumen", "legalName": "Lumen SARL", "address": "1 rue de la Paix\n75002 Paris",
        "registrationNumber": "404833048", "vatNumber": "FR83404833048", "legalNotice": "SARL au capital de 10 000 €",
        "locale": "en-GB", "timeZone": "Europe/London", "fourEyes": true, "eventDays": 30, "accentColor": "#1f5fbf", "expectedRevision": 1,
    });
    let changed = world.owner.does("updateOrganization", input.clone(), SETTINGS).await["organization"].clone();
    for (name, value) in input.as_object().unwrap() {
        if name != "expectedRevision" {
            assert_eq!(&changed[name], value, "{name}");
        }
    }
    assert_eq!(changed["revision"], 2);
    assert_eq!(world.owner.refused("updateOrganization", input.clone()).await, "CONFLICT");
    let seen = world.operator.query("{ viewer { organization { timeZone slug } } }", json!({})).await;
    assert_eq!(seen["viewer"]["organization"], json!({ "timeZone": "Europe/London", "slug": "atelier" }));
    for actor in [&world.operator, &world.manager, &world.staff, &world.martin] {
        assert_eq!(
            actor.refused("updateOrganization", json!({ "name": "Pirate" })).await,
            "FORBIDDEN",
            "{}",
            actor.name
        );
    }
    let cleared = world.owner.does("updateOrganization", json!({ "address": null }), SETTINGS).await;
    assert_eq!(cleared["organization"]["address"], json!(null));
    assert_eq!(cleared["organization"]["legalName"], "Lumen SARL", "an omitted field stays");
    for (field, value) in [
        ("name", json!(" ")),
        ("timeZone", json!("Europe/Atlantis")),
        ("locale", json!("français")),
        ("eventDays", json!(0)),
        ("eventDays", json!(3_651)),
        ("legalNotice", json!("x".repeat(1_001))),
        ("vatNumber", json!("F\nR")),
        ("accentColor", json!("blue")),
        ("accentColor", json!("#1f5fbg")),
        ("accentColor", json!("#1f5fbf;")),
    ] {
        let refusal = world.owner.refused("updateOrganization", json!({ field: value })).await;
        assert_eq!(refusal, format!("INVALID {field}"));
    }
}

#[tokio::test]
async fn the_portals_of_the_two_tracks_look_as_their_owner_chooses() {
    const PORTALS: &str = "organization { revision portals { track name accentColor logo } }";
    /// A transparent pixel.
    const LOGO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==";
    let world = World::new().await;
    let portals = json!([
        { "track": "ONE", "name": "Lumen Solo", "accentColor": "#AA3311", "logo": LOGO },
        { "track": "LAB", "name": "Lumen Lab" },
    ]);
    let changed = world.owner.does("updateOrganization", json!({ "portals": portals }), PORTALS).await;
    assert_eq!(changed["organization"]["revision"], 2);
    let expected = json!([
        { "track": "ONE", "name": "Lumen Solo", "accentColor": "#aa3311", "logo": LOGO },
        { "track": "LAB", "name": "Lumen Lab", "accentColor": null, "logo": null },
    ]);
    for actor in [&world.owner, &world.staff, &world.martin] {
        let seen = actor.query(&format!("{{ viewer {{ {PORTALS} }} }}"), json!({})).await;
        assert_eq!(seen["viewer"]["organization"]["portals"], expected, "{}", actor.name);
    }
    let elsewhere = world.stranger.query(&format!("{{ viewer {{ {PORTALS} }} }}"), json!({})).await;
    assert_eq!(elsewhere["viewer"]["organization"]["portals"], json!([]), "nothing crosses the border");

    let again = world.owner.does("updateOrganization", json!({ "portals": portals }), PORTALS).await;
    assert_eq!(again["organization"]["revision"], 2, "nothing has changed");
    let cleared = json!({ "portals": [{ "track": "ONE", "logo": null }] });
    let cleared = world.owner.does("updateOrganization", cleared, PORTALS).await;
    assert_eq!(cleared["organization"]["portals"][0]["logo"], json!(null));
    assert_eq!(cleared["organization"]["portals"][0]["name"], "Lumen Solo", "an omitted field stays");

    for (field, value) in [
        ("name", json!("x".repeat(201))),
        ("accentColor", json!("red")),
        ("logo", json!("data:image/svg+xml;base64,PHN2Zz48c2NyaXB0Lz48L3N2Zz4=")),
        ("logo", json!("https://example.org/logo.png")),
    ] {
        let portals = json!([{ "track": "LAB" }, { "track": "ONE", field: value }]);
        let refusal = world.owner.refused("updateOrganization", json!({ "portals": portals })).await;
        assert_eq!(refusal, format!("INVALID portals.1.{field}"));
    }
    let twice = json!({ "portals": [{ "track": "LAB" }, { "track": "LAB", "name": "Lumen" }] });
    assert_eq!(world.owner.refused("updateOrganization", twice).await, "INVALID portals");
}

#[tokio::test]
async fn a_site_is_added_renamed_closed_and_opened_again() {
    let world = World::new().await;
    let made =
        world.owner.does("addSite", json!({ "name": "Nantes" }), "site { id name closed }").await["site"].clone();
    assert_eq!((&made["name"], &made["closed"]), (&json!("Nantes"), &json!(false)));
    let nantes = made["id"].clone();
    let update = async |input| world.owner.does("updateSite", input, "site { name closed }").await["site"].clone();
    assert_eq!(update(json!({ "id": nantes, "name": "Rennes" })).await["name"], "Rennes");
    let site = id::decode(nantes.as_str().unwrap()).unwrap().1;
    let dossier = client(&world.operator, "Breton", Some(site)).await;
    let close = json!({ "id": nantes, "closed": true });
    assert_eq!(world.owner.refused("updateSite", close.clone()).await, "CONFLICT", "it still has a client");
    world.operator.does("archiveClient", json!({ "id": dossier }), "").await;
    assert_eq!(update(close).await["closed"], true);
    let new = json!({ "name": "Nouveau", "track": "LAB", "siteId": nantes });
    assert_eq!(world.operator.refused("createClient", new.clone()).await, "INVALID siteId");
    let invited = json!({ "email": "nouveau@atelier.example", "role": "STAFF", "siteIds": [nantes] });
    assert_eq!(world.owner.refused("inviteMember", invited).await, "INVALID siteIds");
    assert_eq!(world.operator.refused("restoreClient", json!({ "id": dossier })).await, "CONFLICT");
    assert_eq!(update(json!({ "id": nantes, "closed": false })).await["closed"], false);
    world.operator.does("restoreClient", json!({ "id": dossier }), "").await;
    world.operator.does("createClient", new, "").await;
    for actor in [&world.operator, &world.manager] {
        assert_eq!(actor.refused("addSite", json!({ "name": "Pirate" })).await, "FORBIDDEN", "{}", actor.name);
    }
    let paris = json!({ "id": id::encode("site", world.paris), "name": "Pirate" });
    assert_eq!(world.manager.refused("updateSite", paris.clone()).await, "FORBIDDEN");
    assert_eq!(world.stranger.refused("updateSite", paris).await, "NOT_FOUND id");
}

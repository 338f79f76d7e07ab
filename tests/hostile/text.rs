use crate::support::{Value, World, json};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::{
    member::{self, NewMember},
    organization,
};
use entities::membership::Role;

#[tokio::test]
async fn a_search_matches_its_text_literally() {
    let world = World::new().await;
    let found = async |search: &str| {
        let query = "query($search: String!) { clients(filter: { search: $search }) { totalCount } }";
        world.operator.send(query, json!({ "search": search })).await
    };
    assert_eq!(found("MÁRT").await["data"]["clients"]["totalCount"], 1);
    for pattern in ["%", "_", "mart_n", "\\"] {
        assert_eq!(found(pattern).await["data"]["clients"]["totalCount"], 0, "{pattern}");
    }
    for blank in ["", "  ", "\u{3000}", "\u{200b}", "\u{2800}"] {
        assert_eq!(found(blank).await["data"]["clients"]["totalCount"], 2, "{blank:?} filters nothing");
    }
    for wrong in ["\0", "a\0b", "a\nb", "a\u{b}b", "a\u{2028}b", &"x".repeat(201), &"x".repeat(50_000)] {
        let answer = found(wrong).await;
        assert_eq!(answer["errors"][0]["extensions"]["argument"], "filter.search", "{answer:#}");
    }
}

/// Its sort key is several times as long: `北京` is sorted as `bei jing`.
#[tokio::test]
async fn a_long_name_in_any_script_is_found_by_any_part_of_it() {
    let world = World::new().await;
    let chinese: String = "北京大学出版社上海交通".chars().cycle().take(65).collect();
    let emoji: String = "🧑🏽‍🚀🦄🏳️‍🌈☣️👩‍❤️‍💋‍👩🥷🏿".chars().cycle().take(200).collect();
    for name in [&chinese, &"京".repeat(200), &emoji, &"ﷺ".repeat(200), &"Łódź ".repeat(40)] {
        let id = crate::support::fixtures::client(&world.operator, name, None).await;
        let document = world.operator.request_upload(&id, "DOCUMENTS", name, b"x").await;
        assert_eq!(document["userErrors"], json!([]), "{name}");
        let query = "query($search: String!) { clients(filter: { search: $search }) { nodes { id } } \
                     documents(filter: { search: $search }) { totalCount } }";
        let (first, whole): (String, _) = (name.chars().take(8).collect(), name.trim());
        for part in [whole, &first] {
            let found = world.operator.query(query, json!({ "search": part })).await;
            assert!(found["clients"]["nodes"].as_array().unwrap().contains(&json!({ "id": id })), "{name} by {part}");
            assert!(found["documents"]["totalCount"].as_u64() > Some(0), "{name} by {part}");
        }
    }
    let characters: Vec<_> = chinese.chars().collect();
    for part in characters.chunks(13) {
        let search: String = part.iter().collect();
        let query = "query($search: String!) { clients(filter: { search: $search }) { totalCount } }";
        assert_eq!(
            world.operator.query(query, json!({ "search": search })).await["clients"]["totalCount"],
            1,
            "{search}"
        );
    }
}

/// One of each kind: zero width, soft hyphen, direction, joiner, fillers, blanks, variation, tag, annotation, music.
const INVISIBLE: [&str; 16] = [
    "\u{200b}",
    "\u{ad}",
    "\u{202e}",
    "\u{200d}\u{2060}",
    "\u{115f}\u{1160}",
    "\u{3164}",
    "\u{ffa0}",
    "\u{2800}",
    "\u{3000}\u{a0}",
    "\u{fe0f}",
    "\u{e0101}",
    "\u{e0061}\u{e007f}",
    "\u{fff9}\u{fffb}",
    "\u{1d159}",
    "\u{34f}",
    "\u{feff} \u{2028}\u{85}\u{b}",
];

#[tokio::test]
async fn a_required_text_needs_a_visible_character() {
    let world = World::new().await;
    let (operator, id) = (&world.operator, &world.martin_id);
    let input = json!({ "clientId": id, "subject": "Essai" });
    let thread = operator.does("startConversation", input, "conversation { id }").await["conversation"]["id"].clone();
    let input = json!({ "clientId": id, "title": "Essai" });
    let request = operator.does("submitValidationRequest", input, "validationRequest { id }").await;
    let request = &request["validationRequest"]["id"];
    let document = operator.uploads(id, "DOCUMENTS", "essai.txt", "essai").await;
    let line = |text: &str| json!([{ "description": text, "quantity": "1", "unitPrice": "1", "vatRate": "20" }]);
    for text in INVISIBLE {
        for (mutation, input, field) in [
            ("createClient", json!({ "name": text, "track": "LAB", "status": "ACTIVE" }), "name"),
            ("updateClient", json!({ "id": id, "name": text }), "name"),
            ("startConversation", json!({ "clientId": id, "subject": text }), "subject"),
            ("postMessage", json!({ "conversationId": thread, "body": text }), "body"),
            ("submitValidationRequest", json!({ "clientId": id, "title": text }), "title"),
            ("rejectValidationRequest", json!({ "id": request, "reason": text }), "reason"),
            ("requestChanges", json!({ "id": request, "reason": text }), "reason"),
            ("renameDocument", json!({ "id": document, "name": text }), "name"),
            ("createQuote", json!({ "clientId": id, "title": text }), "title"),
            ("createQuote", json!({ "clientId": id, "title": "x", "lines": line(text) }), "lines.0.description"),
            ("createInvoice", json!({ "clientId": id, "title": text }), "title"),
        ] {
            let refused = operator.refused(mutation, input).await;
            assert_eq!(refused, format!("INVALID {field}"), "{mutation} {text:?}");
        }
        let tx = world
            .app
            .parts
            .database
            .write_as(Viewer::system(world.organization, SystemPurpose::Command))
            .await
            .unwrap();
        assert!(organization::add_site(&tx, text).await.is_err(), "{text:?}");
        let new = NewMember {
            email: "neuf@atelier.example".into(),
            display_name: text.into(),
            role: Role::Operator,
            sites: Vec::new(),
            client: None,
        };
        assert!(member::add(&tx, None, new).await.is_err(), "{text:?}");
    }
    for seen in ["👩‍👩‍👧", "❤️", "می‌خواهم", "कार्य\u{200d}", "a\u{ad}b"] {
        operator.does("updateClient", json!({ "id": id, "name": seen }), "").await;
        operator.does("postMessage", json!({ "conversationId": thread, "body": seen }), "").await;
    }
}

#[tokio::test]
async fn an_address_contains_nothing_else() {
    let world = World::new().await;
    let update = |email: String| json!({ "id": world.martin_id, "email": email });
    for email in [
        "mailto:anne@exemple.fr",
        "MAILTO:anne@exemple.fr",
        "Anne <anne@exemple.fr>",
        "<anne@exemple.fr>",
        "anne@exemple.fr,b@exemple.fr",
        "anne@exemple.fr;b@exemple.fr",
        "anne@exem ple.fr",
        "anne\u{b}@exemple.fr",
        "anne",
        "anne@exemple",
        "anne@@exemple.fr",
    ] {
        assert_eq!(world.operator.refused("updateClient", update(email.into())).await, "INVALID email", "{email}");
    }
    for sequence in ["\u{200b}", "\u{ad}", "\u{2060}", "\u{3164}", "\u{2800}", "\u{fe0f}", "\u{200e}", "\u{e0061}"] {
        for email in [
            format!("{sequence}anne@exemple.fr"),
            format!("an{sequence}ne@exemple.fr"),
            format!("anne@exemple.fr{sequence}"),
        ] {
            assert_eq!(
                world.operator.refused("updateClient", update(email.clone())).await,
                "INVALID email",
                "{email:?}"
            );
            let tx = world
                .app
                .parts
                .database
                .write_as(Viewer::system(world.organization, SystemPurpose::Command))
                .await
                .unwrap();
            let new =
                NewMember { email, display_name: "Anne".into(), role: Role::Operator, sites: Vec::new(), client: None };
            assert!(member::add(&tx, None, new).await.is_err());
        }
    }
    for (email, kept) in
        [(" Anne.O'Neil+x@Exemple.FR ", "anne.o'neil+x@exemple.fr"), ("élodie@châtelet.fr", "élodie@châtelet.fr")]
    {
        let done = world.operator.does("updateClient", update(email.into()), "client { email }").await;
        assert_eq!(done["client"]["email"], kept);
    }
}

#[tokio::test]
async fn a_blank_text_empties_an_optional_field() {
    let world = World::new().await;
    let full = json!({ "email": "a@exemple.fr", "phone": "1", "billingAddress": "2", "internalNotes": "3" });
    let empty = json!({ "email": null, "phone": null, "billingAddress": null, "internalNotes": null });
    let update = async |fields: &Value| {
        let mut input = fields.clone();
        input["id"] = json!(world.martin_id);
        let done =
            world.operator.does("updateClient", input, "client { email phone billingAddress internalNotes }").await;
        done["client"].clone()
    };
    for blank in ["", "  ", "\t\n", "\u{a0}\u{3000}", "\u{b}\u{c}\u{85}\u{2028}\u{2029}"] {
        assert_eq!(update(&full).await, full);
        let blank = json!({ "email": blank, "phone": blank, "billingAddress": blank, "internalNotes": blank });
        assert_eq!(update(&blank).await, empty, "{blank}");
    }
}

#[tokio::test]
async fn every_kind_of_line_break_is_recognized() {
    let world = World::new().await;
    let operator = &world.operator;
    let input = json!({ "clientId": world.martin_id, "subject": "Essai" });
    let thread = operator.does("startConversation", input, "conversation { id }").await["conversation"]["id"].clone();
    for sequence in ["\n", "\u{b}", "\u{c}", "\u{85}", "\u{2028}", "\u{2029}"] {
        let input = json!({ "conversationId": thread, "body": format!("a{sequence}b{sequence}") });
        let posted = operator.does("postMessage", input, "message { body }").await;
        assert_eq!(posted["message"]["body"], "a\nb", "{sequence:?}");
        let name = format!("a{sequence}b");
        assert_eq!(
            operator.refused("updateClient", json!({ "id": world.martin_id, "name": name })).await,
            "INVALID name"
        );
    }
    let posted = operator
        .does("postMessage", json!({ "conversationId": thread, "body": "a\r\nb\tc" }), "message { body }")
        .await;
    assert_eq!(posted["message"]["body"], "a\r\nb\tc");
}

#[tokio::test]
async fn names_do_not_mislead() {
    let world = World::new().await;
    for name in ["a\u{202e}gpj.exe", "a\u{2028}b", "\u{feff}", "_bmad", "_BMAD.", "＿bmad", "..", "a/b", "a\\b", "a\0b"]
    {
        let upload = world.operator.request_upload(&world.martin_id, "DOCUMENTS", name, b"x").await;
        assert_eq!(upload["userErrors"][0]["field"], json!(["name"]), "{name:?} {upload:#}");
    }
}

/// PostgreSQL cannot store U+0000, which JSON can contain.
#[tokio::test]
async fn a_text_that_cannot_be_stored_is_an_unknown_address() {
    let world = World::new().await;
    let input = json!({ "email": "owner@atelier.example\0", "password": "x", "organization": "\0" });
    let refused = world.anonymous.mutate("signIn", input, "accessToken").await;
    assert_eq!(refused["userErrors"][0]["code"], "FORBIDDEN", "{refused:#}");
}

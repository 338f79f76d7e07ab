//! Texts of agencies and their clients.

use entities::document::Zone::{self, Assets, Chat, Documents, Invoices, Private, Visios};

/// A country: time zone, currency, locale, and VAT rates in hundredths of a percent.
pub struct Country {
    pub time_zone: &'static str,
    pub currency: &'static str,
    pub locale: &'static str,
    pub cities: &'static [&'static str],
    pub vat_rates: &'static [i32],
}

/// French-speaking countries with several time zones and currencies.
pub const COUNTRIES: &[Country] = &[
    Country {
        time_zone: "Europe/Paris",
        currency: "EUR",
        locale: "fr-FR",
        cities: &["Paris", "Lyon", "Nantes", "Bordeaux", "Lille", "Marseille", "Rennes", "Strasbourg"],
        vat_rates: &[2000, 1000, 550],
    },
    Country {
        time_zone: "Europe/Brussels",
        currency: "EUR",
        locale: "fr-BE",
        cities: &["Bruxelles", "Liège", "Namur", "Mons"],
        vat_rates: &[2100, 1200, 600],
    },
    Country {
        time_zone: "Europe/Zurich",
        currency: "CHF",
        locale: "fr-CH",
        cities: &["Genève", "Lausanne", "Neuchâtel", "Fribourg"],
        vat_rates: &[810, 380, 260],
    },
    Country {
        time_zone: "Indian/Reunion",
        currency: "EUR",
        locale: "fr-RE",
        cities: &["Saint-Denis", "Saint-Pierre", "Le Tampon"],
        vat_rates: &[850, 210],
    },
];

pub const AGENCY_KINDS: &[&str] = &["Atelier", "Studio", "Agence", "Maison", "Collectif", "Fabrique"];
pub const AGENCY_NAMES: &[&str] = &[
    "Belladone",
    "Boréale",
    "Calliope",
    "Camaïeu",
    "des Canuts",
    "Garance",
    "du Grand Large",
    "Héliotrope",
    "Indigo",
    "Mistral",
    "du Phare",
    "Quinconce",
    "Rivage",
    "Sarbacane",
    "Tournesol",
    "Zéphyr",
];

pub const FIRST_NAMES: &[&str] = &[
    "Adèle", "Amine", "Anaïs", "Baptiste", "Camille", "Céline", "Chloé", "Damien", "Élise", "Émile", "Fatou",
    "Florian", "Gaëlle", "Hugo", "Inès", "Jérôme", "Karim", "Léa", "Loïc", "Maëlle", "Mathis", "Nadia", "Noémie",
    "Olivier", "Pauline", "Quentin", "Raphaël", "Sarah", "Théo", "Valérie", "Yann", "Zoé",
];
pub const LAST_NAMES: &[&str] = &[
    "Aubert",
    "Benali",
    "Bernard",
    "Caron",
    "Chevalier",
    "Delmas",
    "Diallo",
    "Dupuis",
    "Faure",
    "Fontaine",
    "Garnier",
    "Gautier",
    "Guérin",
    "Hamelin",
    "Jacquet",
    "Lambert",
    "Le Goff",
    "Lemaître",
    "Marchand",
    "Mercier",
    "Meunier",
    "Moreau",
    "N’Diaye",
    "Noël",
    "Perrin",
    "Renaud",
    "Rousseau",
    "Schmitt",
    "Tessier",
    "Vasseur",
    "Vidal",
    "Weber",
];
pub const COMPANY_KINDS: &[&str] = &[
    "Boulangerie",
    "Cabinet",
    "Domaine",
    "Éditions",
    "Fleurs",
    "Garage",
    "Hôtel",
    "Imprimerie",
    "Librairie",
    "Menuiserie",
    "Pharmacie",
    "Restaurant",
    "Théâtre",
    "Transports",
    "Vignobles",
];
pub const STREETS: &[&str] =
    &["rue de la République", "avenue Victor-Hugo", "place du Marché", "quai des Célestins", "rue des Écoles"];

/// A typical file: its zone, name, media type, and approximate size in KiB.
pub struct File {
    pub zone: Zone,
    pub stem: &'static str,
    pub extension: &'static str,
    pub media_type: &'static str,
    pub kibibytes: u64,
}

const fn file(
    zone: Zone,
    stem: &'static str,
    extension: &'static str,
    media_type: &'static str,
    kibibytes: u64,
) -> File {
    File { zone, stem, extension, media_type, kibibytes }
}

pub const FILES: &[File] = &[
    file(Documents, "Brief créatif", "md", "text/markdown", 6),
    file(Assets, "Logo", "svg", "image/svg+xml", 24),
    file(Documents, "Maquette de l’accueil", "pdf", "application/pdf", 2_400),
    file(Visios, "Visio de lancement", "mp4", "video/mp4", 180_000),
    file(Visios, "Visio de lancement", "vtt", "text/vtt", 40),
    file(Private, "Notes de cadrage", "md", "text/markdown", 4),
    file(Documents, "Cahier des charges", "pdf", "application/pdf", 800),
    file(Invoices, "Devis signé", "pdf", "application/pdf", 120),
    file(Assets, "Photo de l’équipe", "jpg", "image/jpeg", 3_200),
    file(Chat, "Échanges avec Élio", "md", "text/markdown", 30),
    file(Documents, "Charte graphique", "pdf", "application/pdf", 5_600),
    file(Private, "Estimation des charges", "csv", "text/csv", 8),
    file(Assets, "Textes du site", "docx", DOCX, 90),
    file(Invoices, "Facture", "pdf", "application/pdf", 110),
    file(Documents, "Recette fonctionnelle", "csv", "text/csv", 16),
    file(Visios, "Point d’étape", "webm", "video/webm", 95_000),
];
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

pub const SUBJECTS: &[&str] = &[
    "Lancement du projet",
    "Choix des couleurs",
    "Contenus de l’accueil",
    "Calendrier de mise en ligne",
    "Retours sur la maquette",
    "Référencement local",
    "Photos à fournir",
    "Nom de domaine et hébergement",
    "Formation à l’outil",
    "Suivi après la mise en ligne",
];
pub const CLIENT_SAYS: &[&str] = &[
    "Bonjour, pouvez-vous me dire où nous en sommes de la maquette ?",
    "Je vous ai déposé les photos ce matin, dites-moi si la définition suffit.",
    "Le bleu me plaît beaucoup, mais le titre me paraît un peu petit sur mobile.",
    "Peut-on garder l’ancien logo sur la page de contact ?",
    "Merci, c’est exactement ce que j’imaginais.",
    "Je préfère qu’on en parle de vive voix ; êtes-vous libre jeudi ?",
    "Notre adresse change en septembre, il faudra mettre à jour le pied de page.",
    "Qui doit renouveler le nom de domaine, vous ou nous ?",
];
pub const AGENCY_SAYS: &[&str] = &[
    "Bonjour, la maquette est prête : nous la relisons et vous la partageons demain.",
    "Bien reçu, merci. Les photos conviennent, nous recadrons les deux dernières.",
    "C’est noté, le titre passe à 32 pixels sur mobile.",
    "Jeudi à 14 h 30, cela vous convient ? Je vous envoie l’invitation.",
    "La mise en ligne est prévue pour le 15, sous réserve de votre accord sur les textes.",
    "Nous avons corrigé le formulaire ; pouvez-vous refaire un essai ?",
];
pub const ASSISTANT_SAYS: &[&str] = &[
    "Bonjour, je suis Élio. J’ai classé vos fichiers dans la zone « Éléments » de votre dossier.",
    "Résumé de l’échange : deux retouches sur l’accueil, une photo à remplacer, visio jeudi.",
    "La dernière version publiée date d’hier. Souhaitez-vous que je prévienne l’agence ?",
    "J’ai transmis votre demande à l’équipe, qui vous répondra dans la journée.",
];
pub const INTERNAL_SAYS: &[&str] = &[
    "En interne : le client hésite encore sur le budget, ne pas relancer avant lundi.",
    "À vérifier avant d’envoyer : la licence des photos.",
    "Je prends la suite pendant les congés de l’équipe de Lyon.",
];
pub const ANALYSES: &[&str] = &[
    "Ton cordial, deux questions sans réponse depuis trois jours.",
    "Client satisfait ; s’intéresse à un contrat de maintenance.",
    "Hésite sur le prix ; préfère le téléphone.",
];
pub const INTERNAL_NOTES: &[&str] = &[
    "À rappeler après le salon.",
    "Paie toujours à l’échéance, jamais avant.",
    "Passe par son comptable pour les factures.",
];

pub const REQUESTS: &[&str] = &[
    "Valider la maquette de l’accueil",
    "Valider le cahier des charges",
    "Valider les textes",
    "Valider le logo",
    "Accord pour la mise en ligne",
    "Valider la charte graphique",
    "Valider le plan du site",
];
pub const APPROVALS: &[&str] = &["Conforme au brief.", "Très bien, on y va.", "Validé en réunion."];
pub const OBJECTIONS: &[&str] = &[
    "Il manque les mentions légales.",
    "Les contrastes sont trop faibles pour l’accessibilité.",
    "La page de contact n’est pas celle du brief.",
];
pub const WITHDRAWALS: &[&str] = &["Remplacé par une autre demande.", "Le projet change de périmètre."];
pub const REFUSALS: &[&str] = &["Le budget n’est pas voté.", "Nous avons choisi une autre solution."];

/// Services: description, unit price in minor units, quantity in thousandths, and the index of the country's rate.
pub const SERVICES: &[(&str, i64, i64, usize)] = &[
    ("Conception graphique", 55_000, 4_000, 0),
    ("Intégration et développement", 62_000, 7_500, 0),
    ("Rédaction des contenus", 38_050, 2_500, 0),
    ("Hébergement, par mois", 2_990, 12_000, 0),
    ("Formation à l’outil d’édition", 45_000, 1_000, 0),
    ("Livret imprimé, l’exemplaire", 333, 250_000, 2),
    ("Séance photo", 80_000, 500, 1),
    ("Maintenance, par mois", 9_917, 6_000, 0),
    ("Déplacement, par kilomètre", 67, 183_400, 0),
];
pub const PROJECTS: &[&str] =
    &["Refonte du site", "Identité visuelle", "Boutique en ligne", "Campagne de rentrée", "Maintenance annuelle"];

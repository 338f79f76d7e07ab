// Step 8 of the story: a quote is accepted, invoiced and paid.
import { mutate } from "./api.mjs";
import { goTo, shows } from "./browser.mjs";

export async function bill({ hub, portal, operator, clientId, clientName, device }) {
    const title = `Identité pour le ${device}`;
    const lines = [{ description: "Logo", quantity: "2", unitPrice: "450.00", vatRate: "20" }];
    // The quote itself is written through the API. The story is about what follows.
    const { quote } = await mutate(operator, "createQuote", { clientId, title, lines }, "quote { id }");
    await goTo(portal, "Factures");
    await mutate(operator, "issueQuote", { id: quote.id });

    await portal.getByRole("link", { name: title }).click();
    await portal.getByRole("button", { name: "Accepter", exact: true }).click();
    await portal.getByRole("dialog").getByRole("button", { name: "Accepter", exact: true }).click();
    await shows(portal.getByText("Accepté", { exact: true }), "the quote as accepted");

    await hub.getByRole("navigation", { name: clientName }).getByRole("link", { name: "Facturation" }).click();
    await hub.getByRole("link", { name: title }).filter({ hasText: "Accepté" }).click();
    await hub.getByRole("button", { name: "Créer la facture" }).click();
    await hub.getByRole("button", { name: "Émettre", exact: true }).click();
    await hub.getByRole("dialog").getByRole("button", { name: "Émettre", exact: true }).click();

    await goTo(portal, "Factures");
    const invoice = portal.getByRole("link", { name: title }).filter({ hasText: "À payer" });
    await shows(invoice.getByText(/1.080,00/), "an invoice of 1 080,00 € that is to be paid");
    await invoice.click();

    await hub.getByRole("button", { name: "Enregistrer un paiement" }).click();
    await hub.getByRole("dialog").getByRole("button", { name: "Enregistrer", exact: true }).click();
    await shows(hub.getByText("Réglée", { exact: true }), "the invoice as settled");
    await shows(portal.getByText("Il ne reste rien à payer."), "that nothing is left to pay");
}

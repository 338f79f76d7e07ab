// Offers to sign in as the sample's people, if the server does. The query editor then uses the session.
"use strict";

async function signIn(email) {
    const response = await fetch("/sample/sign-in", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ email }),
    });
    if (!response.ok) throw new Error("The server refused. Restart it, and sign in with the printed password.");
    const { accessToken } = await response.json();
    sessionStorage.setItem("dossier-token", accessToken);
    location.assign("/graphiql");
}

function entry({ name, role, email }) {
    const [item, button, detail] = ["li", "button", "span"].map((tag) => document.createElement(tag));
    detail.textContent = role;
    button.append(name, detail);
    button.addEventListener("click", () => {
        signIn(email).catch((error) => {
            document.querySelector("#problem").value = error.message;
        });
    });
    item.append(button);
    return item;
}

async function showPeople() {
    const response = await fetch("/sample/people");
    if (!response.ok) return;
    const people = await response.json();
    document.querySelector("#people ul").replaceChildren(...people.map(entry));
    document.querySelector("#people").hidden = people.length === 0;
}

showPeople();

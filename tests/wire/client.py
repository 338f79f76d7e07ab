"""The gql client of Python, over WebSocket: it asks, changes something and hears of it. Twice: with its token in the
payload of `connection_init`, and in the header of the handshake.

    URL=http://127.0.0.1:4000 EMAIL=… PASSWORD=… client.py
"""

import asyncio
import os

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

URL = os.environ["URL"].replace("http", "ws", 1) + "/graphql"


def request(text, **variables):
    document = gql(text)
    document.variable_values = variables
    return document


async def sign_in():
    mutation = request(
        "mutation ($email: String!, $password: String!) {"
        " signIn(input: { email: $email, password: $password }) { accessToken } }",
        email=os.environ["EMAIL"],
        password=os.environ["PASSWORD"],
    )
    async with Client(transport=WebsocketsTransport(url=URL)) as session:
        return (await session.execute(mutation))["signIn"]["accessToken"]


async def watch(name, **options):
    async with Client(transport=WebsocketsTransport(url=URL, **options)) as session:
        viewer = (await session.execute(request("{ viewer { displayName cursor } }")))["viewer"]
        create = "mutation ($name: String!) { createClient(input: { name: $name, track: LAB }) { client { id } } }"
        await session.execute(request(create, name=name))
        events = request("subscription ($after: String) { dossierEvents(after: $after) { type } }", after=viewer["cursor"])
        async for event in session.subscribe(events):
            print(name, viewer["displayName"], event["dossierEvents"]["type"])
            break


async def main():
    authorization = {"Authorization": f"Bearer {await sign_in()}"}
    await watch("payload", init_payload=authorization)
    await watch("header", headers=authorization)


asyncio.run(main())

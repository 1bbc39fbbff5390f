"""`python -m infra.aws.proof.tls ADDRESS SOCKET CERTIFICATE KEY`: TLS before a PostgreSQL whose build has none.

As with rds.force_ssl, whoever does not ask for TLS is sent away.
"""

import asyncio
import contextlib
import ssl
import sys
from functools import partial

from infra.local.processes import die_with_parent

PORT = 5432
LENGTH = 8  # bytes, of each of these
TLS, GSS = (code.to_bytes(4) for code in (80877103, 80877104))
NO = b"N"
YES = b"S"


async def serve(address: str, server: str, certificate: str, key: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = await asyncio.start_server(partial(welcome, server, context), address, PORT)
    print("ready", flush=True)
    await listening.serve_forever()


async def welcome(
    server: str, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError), contextlib.closing(writer):
        wish = (await reader.readexactly(LENGTH))[4:]
        if wish == GSS:
            writer.write(NO)
            wish = (await reader.readexactly(LENGTH))[4:]
        if wish != TLS:
            return
        writer.write(YES)
        await writer.start_tls(context)
        there, back = await asyncio.open_unix_connection(server)
        with contextlib.closing(back):
            await asyncio.gather(pass_on(reader, back), pass_on(there, writer))


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either side has gone; the other then goes too."""
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    finally:
        writer.close()


if __name__ == "__main__":
    die_with_parent()
    asyncio.run(serve(*sys.argv[1:]))

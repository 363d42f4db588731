"""One talk of PyPI's smpplib with a centre; each event is a line of JSON on stdout.

Usage: smpplib_talk.py HOST PORT SYSTEM_ID PASSWORD RECIPIENT

Binds as a transceiver, submits a short text, a long one and one with an emoji, all with receipts, waits for
the receipts, then for one message from a handset, and unbinds.
"""

import json
import logging
import sys
import time

import smpplib.client
import smpplib.consts
import smpplib.gsm

PATIENCE_SECS = 30
TEXTS = {
    "short": "hello from smpplib",
    "long": "The quick brown fox jumps over the lazy dog. " * 5,
    "emoji": "caf\u00e9 \U0001f5fc",
}


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


class Talk:
    def __init__(self, client):
        self.client = client
        self.answered = {}
        self.receipts = []
        self.replies = []
        client.set_message_sent_handler(self.on_answer)
        client.set_message_received_handler(self.on_deliver)

    def on_answer(self, pdu):
        self.answered[pdu.sequence] = pdu.message_id.decode()

    def on_deliver(self, pdu):
        text = (pdu.short_message or b"").decode("latin-1")
        if pdu.esm_class & 0x3C == 0x04:
            self.receipts.append(text)
            tell("receipt", text=text, receipted_message_id=(pdu.receipted_message_id or b"").decode())
        else:
            self.replies.append(text)
            tell("reply", source=pdu.source_addr.decode(), destination=pdu.destination_addr.decode(), text=text)
        return 0

    def submit(self, name, text, recipient):
        parts, coding, message_type = smpplib.gsm.make_parts(text)
        sequences = []
        for part in parts:
            pdu = self.client.send_message(
                source_addr_ton=smpplib.consts.SMPP_TON_INTL,
                source_addr="12345",
                dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                destination_addr=recipient,
                short_message=part,
                data_coding=coding,
                esm_class=message_type,
                registered_delivery=True,
            )
            sequences.append(pdu.sequence)
        self.listen(lambda: all(sequence in self.answered for sequence in sequences))
        tell("submitted", name=name, parts=len(parts), ids=[self.answered[sequence] for sequence in sequences])
        return len(parts)

    def listen(self, satisfied):
        end = time.monotonic() + PATIENCE_SECS
        while not satisfied():
            if time.monotonic() > end:
                raise TimeoutError("the centre did not say what was waited for")
            self.client.poll()
            time.sleep(0.01)


def main():
    host, port, system_id, password, recipient = sys.argv[1:]
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    client = smpplib.client.Client(host, int(port), allow_unknown_opt_params=True)
    client.connect()
    answer = client.bind_transceiver(system_id=system_id, password=password)
    tell("bound", status=answer.status)
    talk = Talk(client)
    parts = sum(talk.submit(name, text, recipient) for name, text in TEXTS.items())
    talk.listen(lambda: len(talk.receipts) >= parts)
    tell("receipted", receipts=len(talk.receipts), parts=parts)
    talk.listen(lambda: talk.replies)
    client.unbind()
    client.disconnect()
    tell("unbound")


main()

"""What `make run` says of an address at which nothing can listen."""

import socket

from config.up import explain_address


def test_free_port_of_this_computer_is_nothing_to_say_of():
    assert explain_address("127.0.0.1", 0) == explain_address("localhost", 0) == ""


def test_port_that_another_program_holds_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert (
            explain_address("127.0.0.1", port) == f"Port {port} is taken; choose another: PORT=8137 make run"
        )


def test_address_of_another_computer_is_named():
    # 203.0.113.0/24 is for documentation (RFC 5737): no computer has it.
    said = explain_address("203.0.113.5", 8302)
    assert said.startswith("203.0.113.5 is no address of this computer")

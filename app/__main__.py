"""`python -m app` is the command `manyi`."""

from app.cli import main

if __name__ == "__main__":
    main(prog_name="manyi")

"""`python -m huoke` is the command `huoke`."""

from huoke.app.cli import main

if __name__ == "__main__":
    main()

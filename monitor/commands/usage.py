"""The command line misread: what typer says in English, said in French with the nearest word that exists."""

from difflib import get_close_matches
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from monitor.commands.base import WRONG, err
from monitor.commands.refused import refused
from monitor.commands.shown import visible
from monitor.config.problem import typeset

_EXTRA = "Got unexpected extra argument"
_LONGEST = 60  # characters of a word that are looked at and repeated


class UnknownCommand(typer.TyperException):
    """A word that is no command; `known` are those that could stand there."""

    exit_code = WRONG

    def __init__(self, word: str, known: list[str], ctx: Any) -> None:
        near = get_close_matches(word[:_LONGEST], known, n=1)
        rather = f"Vouliez-vous écrire « {near[0]} » ?" if near else f"Commandes : {', '.join(known)}."
        super().__init__(typeset(f"Commande inconnue : « {visible(word[:_LONGEST])} ». {rather}"))
        self.ctx = ctx


class Commands(TyperGroup):
    """A group of commands that names the nearest one."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As typer does. Raises UnknownCommand."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise UnknownCommand(args[0], self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)


def run(cli: typer.Typer, words: list[str] | None = None) -> int:
    """Run the command line (`words`: instead of the process's own); returns the exit code."""
    try:
        code = cli(words, standalone_mode=False)
    except typer.TyperException as trouble:
        if sentence := in_french(trouble):
            err.print(sentence)
            if (ctx := getattr(trouble, "ctx", None)) is not None:
                err.print(f"Voyez «\u00a0{ctx.command_path} --help\u00a0».")
        return WRONG
    except typer.Abort:
        return WRONG
    return code if isinstance(code, int) else 0


def in_french(trouble: typer.TyperException) -> str:
    """One French sentence; empty where typer has printed the help already."""
    if isinstance(trouble, UnknownCommand):
        return trouble.message
    if (param := getattr(trouble, "param", None)) is not None:
        return _about(param, trouble)
    if (option := getattr(trouble, "option_name", None)) is not None:
        return _about_option(option, trouble)
    if not trouble.message:
        return ""
    if trouble.message.startswith(_EXTRA):
        return f"Mot de trop\u00a0: {trouble.message.partition('(s) (')[2].removesuffix(')')}."
    return "Ligne de commande mal écrite."


def _about(param: Any, trouble: typer.TyperException) -> str:
    name = param.get_error_hint().replace("'", "").partition(" (")[0]
    cause = trouble.__cause__
    if cause is None:
        what = "l’argument" if param.param_type_name == "argument" else "l’option"
        return f"Il manque {what} {name}."
    choices = param.type_descriptor.choices
    if choices is not None:
        return f"{name}\u00a0: écrivez {' ou '.join(str(getattr(one, 'value', one)) for one in choices)}."
    if isinstance(cause, ValidationError):
        return f"{name}\u00a0: {', '.join(dict.fromkeys(map(refused, cause.errors())))}."
    return f"{name}\u00a0: valeur refusée."


def _about_option(option: str, trouble: typer.TyperException) -> str:
    if hasattr(trouble, "possibilities"):
        near = get_close_matches(option, trouble.possibilities or (), n=1)
        rather = f" Vouliez-vous écrire « {near[0]} » ?" if near else ""
        return typeset(f"Option inconnue : « {visible(option[:_LONGEST])} ».{rather}")
    # The one sentence of typer that this rests on: its other one about an option asks for a value.
    takes = "ne prend pas de" if "does not take" in trouble.message else "attend une"
    return f"L’option {option} {takes} valeur."

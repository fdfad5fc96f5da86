"""JSON Schemas of a city's files, for editors; generated from the models and committed."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cityforge.brain.city.folder import FILES, FOLDERS


def schemas() -> dict[str, dict[str, Any]]:
    """File name of each schema -> the schema."""
    models: dict[str, type[BaseModel]] = {
        name.removesuffix(".yaml"): model for name, (model, _) in FILES.items()
    }
    models |= {singular(name): model for name, model in FOLDERS.items()}
    return {
        f"{name}.schema.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(by_alias=True),
        }
        for name, model in models.items()
    }


def singular(name: str) -> str:
    """What one file of a folder is called: policies -> policy, diagnoses -> diagnosis."""
    if name.endswith("oses"):
        return f"{name.removesuffix('es')}is"
    return f"{name.removesuffix('ies')}y" if name.endswith("ies") else name.removesuffix("s")


def write(folder: Path) -> None:
    """Write every schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(as_text(schema), encoding="utf-8")


def as_text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

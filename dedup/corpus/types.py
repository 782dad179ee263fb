"""Types of columns: the one that several inputs share without loss, and how their batches get there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dedup.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

JSON_TEXT = {b"dedup": b"json"}  # field metadata: the strings are JSON already
SMALL = {b"dedup": b"small"}  # field metadata: integers that a float64 holds exactly


def is_string(kind: pa.DataType) -> bool:
    """Tell whether a type's values are text."""
    import pyarrow.types as t

    return bool(t.is_string(kind) or t.is_large_string(kind) or t.is_string_view(kind))


def is_binary(kind: pa.DataType) -> bool:
    """Tell whether a type's values are bytes of any length."""
    import pyarrow.types as t

    return bool(t.is_binary(kind) or t.is_large_binary(kind) or t.is_binary_view(kind))


def unify(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Return the schema that batches of all these schemas can take without loss.

    Types widen where that keeps every value; else the column becomes strings of JSON (marked `JSON_TEXT`).

    >>> import pyarrow as pa
    >>> unify([pa.schema({"a": pa.int8()}), pa.schema({"a": pa.int16(), "b": pa.null()})]).to_string()
    'a: int16\\nb: null'
    """
    import pyarrow as pa

    fields: dict[str, pa.Field] = {}
    last = None
    for schema in schemas:
        if last is not None and schema.equals(last, check_metadata=True):
            continue
        last = schema
        for field in schema:
            field = pa.field(field.name, plain(field.type), metadata=field.metadata)
            known = fields.get(field.name)
            same = known is not None and known.equals(field, check_metadata=True)
            fields[field.name] = field if known is None or same else _merged(known, field)
    return pa.schema(list(fields.values()))


def _merged(one: pa.Field, two: pa.Field) -> pa.Field:
    import pyarrow as pa

    metadata = SMALL if _mark(one) == _mark(two) == SMALL else None
    for field, other in ((one, two), (two, one)):
        if pa.types.is_null(field.type):
            return other
    if JSON_TEXT not in (_mark(one), _mark(two)):
        try:
            pair = [pa.schema([one.remove_metadata()]), pa.schema([two.remove_metadata()])]
            both = pa.unify_schemas(pair, promote_options="permissive").field(0)
        except pa.ArrowException:
            pass
        else:
            if not any(_loses(f.type, both.type, _mark(f) == SMALL) for f in (one, two)):
                return pa.field(one.name, both.type, metadata=metadata)
    return pa.field(one.name, pa.string(), metadata=JSON_TEXT)


def _mark(field: pa.Field) -> dict[bytes, bytes] | None:
    metadata: dict[bytes, bytes] | None = field.metadata
    return {b"dedup": metadata[b"dedup"]} if metadata and b"dedup" in metadata else None


def _loses(old: pa.DataType, new: pa.DataType, small: bool = False) -> bool:
    """Tell whether a cast that Arrow finds permissible could change a value or refuse it."""
    import pyarrow.types as t

    if old.equals(new):
        return False
    if t.is_struct(old) and t.is_struct(new):
        return any(_loses(field.type, new.field(field.name).type) for field in old)
    if (t.is_list(old) or t.is_large_list(old)) and (t.is_list(new) or t.is_large_list(new)):
        return _loses(old.value_type, new.value_type)
    if t.is_integer(old) and t.is_floating(new):
        return not small and old.bit_width >= {16: 16, 32: 32}.get(new.bit_width, 64)
    if t.is_uint64(old) or (t.is_decimal(old) and t.is_floating(new)):
        return not t.is_decimal(new)
    if t.is_temporal(old):
        return getattr(new, "unit", None) == "ns"  # years before 1677 or after 2262 would not fit
    return is_string(old) and not is_string(new)


def plain(kind: pa.DataType) -> pa.DataType:
    """Return the type without dictionaries and views, which differ between batches and libraries.

    >>> import pyarrow as pa
    >>> plain(pa.list_(pa.dictionary(pa.int32(), pa.string())))
    ListType(list<item: string>)
    """
    import pyarrow as pa
    import pyarrow.types as t

    if t.is_dictionary(kind):
        return plain(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return plain(kind.storage_type)
    if t.is_string_view(kind):
        return pa.large_string()
    if t.is_binary_view(kind):
        return pa.large_binary()
    if t.is_struct(kind):
        return pa.struct([pa.field(f.name, plain(f.type), f.nullable) for f in kind])
    if t.is_list(kind):
        return pa.list_(plain(kind.value_type))
    if t.is_large_list(kind):
        return pa.large_list(plain(kind.value_type))
    return kind


def conform(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the batch with exactly the columns and types of a schema from `unify`.

    Columns it lacks are null. Raises InputError if a value does not fit the type.
    """
    import pyarrow as pa

    if batch.schema.equals(schema, check_metadata=True):
        return batch
    arrays = []
    for field in schema:
        place = batch.schema.get_field_index(field.name)
        if place < 0:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        array, source = batch.column(place), batch.schema.field(place)
        if _mark(field) == JSON_TEXT:
            if _mark(source) != JSON_TEXT:
                array = json_text(array.to_pylist())
        elif not array.type.equals(field.type):
            try:
                array = array.cast(field.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise InputError(
                    f"column {field.name!r}: a value does not fit {field.type}, the type the inputs share "
                    f"({error}). Convert the column in one of them, or leave it out."
                ) from None
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def json_text(values: Iterable[object]) -> pa.Array:
    """Return values as strings of JSON.

    >>> json_text([1, None, {"a": "é"}]).to_pylist()
    ['1', None, '{"a": "é"}']
    """
    import pyarrow as pa

    return pa.array(
        [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values],
        pa.string(),
    )

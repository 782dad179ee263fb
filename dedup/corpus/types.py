"""Unify the column types of several inputs, and convert record batches to the unified types."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeAlias

import pyarrow as pa
import pyarrow.types as t

from dedup.errors import InputError

FieldMetadata: TypeAlias = "dict[bytes, bytes]"

JSON_STRINGS: FieldMetadata = {b"dedup": b"json"}
"""Metadata of a string field whose values are JSON."""
FLOAT_SAFE_INTEGERS: FieldMetadata = {b"dedup": b"small"}
"""Metadata of an integer field whose values convert to float64 without loss."""


def is_json(field: pa.Field) -> bool:
    """Return whether the values of a field are JSON."""
    return bool(field.metadata) and JSON_STRINGS.items() <= field.metadata.items()


def is_string(data_type: pa.DataType) -> bool:
    """Return whether the values of a type are text."""
    return bool(t.is_string(data_type) or t.is_large_string(data_type) or t.is_string_view(data_type))


def is_binary(data_type: pa.DataType) -> bool:
    """Return whether the values of a type are byte strings of any length."""
    return bool(t.is_binary(data_type) or t.is_large_binary(data_type) or t.is_binary_view(data_type))


def is_list(data_type: pa.DataType) -> bool:
    """Return whether the values of a type are lists."""
    return bool(t.is_list(data_type) or t.is_large_list(data_type))


def unify(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Return a schema to which batches of several schemas can be converted without loss.

    A type is widened if that keeps every value. Otherwise the column becomes strings of JSON, with the field metadata
    `JSON_STRINGS`.

    >>> unify([pa.schema({"a": pa.int8()}), pa.schema({"a": pa.int16(), "b": pa.null()})]).to_string()
    'a: int16\\nb: null'
    """
    fields: dict[str, pa.Field] = {}
    previous = None
    for schema in schemas:
        if previous is not None and schema.equals(previous, check_metadata=True):
            continue
        previous = schema
        for source in schema:
            field = pa.field(source.name, plain_type(source.type), metadata=source.metadata)
            known = fields.get(field.name)
            same = known is not None and known.equals(field, check_metadata=True)
            fields[field.name] = field if known is None or same else _merge_fields(known, field)
    return pa.schema(list(fields.values()))


def _merge_fields(left: pa.Field, right: pa.Field) -> pa.Field:
    for field, other in ((left, right), (right, left)):
        if pa.types.is_null(field.type):
            return other
    if JSON_STRINGS not in (_metadata(left), _metadata(right)):
        try:
            pair = [pa.schema([left.remove_metadata()]), pa.schema([right.remove_metadata()])]
            merged = pa.unify_schemas(pair, promote_options="permissive").field(0)
        except pa.ArrowException:
            pass
        else:
            float_safe = [_metadata(field) == FLOAT_SAFE_INTEGERS for field in (left, right)]
            if not any(
                _is_lossy(field.type, merged.type, safe) for field, safe in zip((left, right), float_safe, strict=True)
            ):
                return pa.field(left.name, merged.type, metadata=FLOAT_SAFE_INTEGERS if all(float_safe) else None)
    return pa.field(left.name, pa.string(), metadata=JSON_STRINGS)


def _metadata(field: pa.Field) -> FieldMetadata | None:
    """Return the part of a field's metadata that this module sets."""
    metadata: FieldMetadata | None = field.metadata
    return {b"dedup": metadata[b"dedup"]} if metadata and b"dedup" in metadata else None


def _is_lossy(old: pa.DataType, new: pa.DataType, float_safe: bool = False) -> bool:
    """Return whether a cast that Arrow permits could change a value or fail.

    Args:
        old: Type of the values.
        new: Type to cast them to.
        float_safe: Whether the values are integers that a float64 represents exactly.
    """
    if old.equals(new):
        return False
    if t.is_struct(old) and t.is_struct(new):
        if {field.name for field in old} != {field.name for field in new}:
            return True  # null and a missing field would be the same
        return any(_is_lossy(field.type, new.field(field.name).type) for field in old)
    if (t.is_list(old) or t.is_large_list(old)) and (t.is_list(new) or t.is_large_list(new)):
        return _is_lossy(old.value_type, new.value_type)
    if t.is_integer(old) and t.is_floating(new):
        return not float_safe and old.bit_width >= {16: 16, 32: 32}.get(new.bit_width, 64)
    if t.is_uint64(old) or (t.is_decimal(old) and t.is_floating(new)):
        return not t.is_decimal(new)
    if t.is_temporal(old):
        return getattr(new, "unit", None) == "ns"  # cannot represent years before 1677 or after 2262
    return is_string(old) and not is_string(new)


def plain_type(data_type: pa.DataType) -> pa.DataType:
    """Return a type without dictionaries, views and extensions, which differ between batches and libraries.

    >>> plain_type(pa.list_(pa.dictionary(pa.int32(), pa.string())))
    ListType(list<item: string>)
    """
    if t.is_dictionary(data_type):
        return plain_type(data_type.value_type)
    if isinstance(data_type, pa.BaseExtensionType):
        return plain_type(data_type.storage_type)
    if t.is_string_view(data_type):
        return pa.large_string()
    if t.is_binary_view(data_type):
        return pa.large_binary()
    if t.is_struct(data_type):
        return pa.struct([pa.field(field.name, plain_type(field.type), field.nullable) for field in data_type])
    if t.is_list(data_type):
        return pa.list_(plain_type(data_type.value_type))
    if t.is_large_list(data_type):
        return pa.large_list(plain_type(data_type.value_type))
    return data_type


def conform(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Convert a batch to exactly the columns and types of a schema from `unify`.

    Columns that the batch lacks become null.

    Raises:
        InputError: A value does not fit the type.
    """
    if batch.schema.equals(schema, check_metadata=True):
        return batch
    arrays = []
    for field in schema:
        index = batch.schema.get_field_index(field.name)
        if index < 0:
            arrays.append(pa.nulls(batch.num_rows, field.type))
            continue
        array, source = batch.column(index), batch.schema.field(index)
        if _metadata(field) == JSON_STRINGS:
            if _metadata(source) != JSON_STRINGS:
                array = to_json_strings(array.to_pylist())
        elif not array.type.equals(field.type):
            try:
                array = array.cast(field.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise InputError(
                    f"Column {field.name!r}: a value does not fit {field.type}, the common type of the inputs "
                    f"({error}). Convert the column in one of the inputs, or remove it."
                ) from None
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def to_json_strings(values: Iterable[object]) -> pa.Array:
    """Convert values to strings of JSON.

    >>> to_json_strings([1, None, {"a": "é"}]).to_pylist()
    ['1', None, '{"a": "é"}']
    """
    return pa.array(
        [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values],
        pa.string(),
    )

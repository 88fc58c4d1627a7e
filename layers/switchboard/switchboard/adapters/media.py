"""Our copies of pictures and films that a delete in a scheduler would lose, in S3 until the bucket's lifecycle ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.errors import Rejected, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from switchboard.ports import MediaFile

_ABSENT = {"NoSuchKey", "404"}


class S3Media:
    """`ports.MediaStore` in *bucket*. *client* gives botocore's for "s3", which is made when it is first needed."""

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, key: str, media: MediaFile) -> None:
        """Store the bytes under *key*; storing them again is harmless. Raises Unavailable."""
        try:
            self._client().put_object(
                Bucket=self._bucket,
                Key=key,
                Body=media.content,
                ContentType=media.media.media_type or "application/octet-stream",
                ChecksumAlgorithm="SHA256",
            )
        except (BotoCoreError, ClientError) as exc:
            raise Unavailable(f"the copy of a medium could not be stored ({type(exc).__name__})") from exc

    def load(self, key: str) -> bytes:
        """Return the bytes; raise Rejected when there are none, and Unavailable."""
        try:
            found: bytes = self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as exc:
            if exc.response.get("Error", {}).get("Code") in _ABSENT:
                raise Rejected("the copy of a medium is not there any more", status=404, reason="no_media") from exc
            raise Unavailable("the copy of a medium could not be read") from exc
        except BotoCoreError as exc:
            raise Unavailable("the copy of a medium could not be read") from exc
        return found

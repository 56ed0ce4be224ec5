"""Requests and answers. Every route names its answer; tests validate what is really sent against it."""

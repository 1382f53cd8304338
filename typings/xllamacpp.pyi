class CommonParamsModel:
    path: str

class CpuParams:
    n_threads: int

class CommonParams:
    model: CommonParamsModel
    model_alias: set[str]
    cpuparams: CpuParams
    n_parallel: int
    n_ctx: int
    api_keys: list[str]
    endpoint_slots: bool
    endpoint_metrics: bool
    port: int
    warmup: bool
    ui: bool
    fit_params: bool
    cache_ram_mib: int

class Server:
    def __init__(self, params: CommonParams) -> None: ...
    @property
    def listening_address(self) -> str: ...

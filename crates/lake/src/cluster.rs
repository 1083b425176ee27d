//! A scheduler and executors of Ballista, each a process of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::start_server;

/// The largest message between processes, in bytes: plans of many indicators are long.
const MESSAGE: u32 = 256 << 20;

/// How a scheduler is started.
#[derive(Debug, clap::Args)]
pub(crate) struct SchedulerArguments {
    /// The address that it listens at; whoever reaches it can have anything computed, so never one of a public network
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The port that it listens at
    #[arg(long, default_value_t = 50_050)]
    port: u16,
    /// How many executors must be there before `/readyz` says so
    #[arg(long, default_value_t = 1)]
    executors: usize,
}

/// Runs a scheduler until the process is ended.
pub(crate) async fn scheduler(arguments: SchedulerArguments) -> Result<()> {
    let address: SocketAddr = format!("{}:{}", arguments.host, arguments.port)
        .parse()
        .with_context(|| format!("`{}` is no address", arguments.host))?;
    let config = SchedulerConfig {
        bind_host: arguments.host.clone(),
        external_host: arguments.host,
        bind_port: arguments.port,
        min_ready_executors: arguments.executors,
        grpc_server_max_decoding_message_size: MESSAGE,
        grpc_server_max_encoding_message_size: MESSAGE,
        grpc_client_max_message_size: MESSAGE,
        ..SchedulerConfig::default()
    };
    let cluster = BallistaCluster::new_from_config(&config).await.context("making the cluster")?;
    start_server(cluster, address, Arc::new(config)).await.context("running the scheduler")
}

/// How an executor is started.
#[derive(Debug, clap::Args)]
pub(crate) struct ExecutorArguments {
    /// The scheduler that it works for, `df://host:port`
    #[arg(long, default_value = "df://127.0.0.1:50050")]
    scheduler: String,
    /// The address that other executors and clients reach it at
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// The port at which results are fetched
    #[arg(long, default_value_t = 50_051)]
    port: u16,
    /// The port at which work is given
    #[arg(long, default_value_t = 50_052)]
    work_port: u16,
    /// How many tasks it does at a time
    #[arg(long, default_value_t = 1)]
    tasks: usize,
    /// The most memory that sorting and grouping may take before they go on disk, in megabytes
    #[arg(long, default_value_t = 4_096)]
    memory: u64,
    /// The folder in which results of stages wait to be fetched
    #[arg(long)]
    work: PathBuf,
}

/// Runs an executor until the process is ended.
pub(crate) async fn executor(arguments: ExecutorArguments) -> Result<()> {
    let Some((host, port)) =
        arguments.scheduler.strip_prefix("df://").and_then(|address| address.rsplit_once(':'))
    else {
        bail!(
            "`{}` is not the address of a scheduler; write `df://host:port`",
            arguments.scheduler
        );
    };
    let work = arguments.work;
    std::fs::create_dir_all(&work).with_context(|| format!("making `{}`", work.display()))?;
    let config = ExecutorProcessConfig {
        bind_host: arguments.host.clone(),
        external_host: Some(arguments.host),
        port: arguments.port,
        grpc_port: arguments.work_port,
        scheduler_host: host.to_owned(),
        scheduler_port: port.parse().with_context(|| format!("`{port}` is not a port"))?,
        scheduler_connect_timeout_seconds: 30,
        vcores: arguments.tasks,
        memory_pool_size: Some(arguments.memory << 20),
        work_dir: Some(work.to_str().context("the folder's name is no Unicode")?.to_owned()),
        grpc_max_decoding_message_size: MESSAGE,
        grpc_max_encoding_message_size: MESSAGE,
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await.context("running the executor")
}
